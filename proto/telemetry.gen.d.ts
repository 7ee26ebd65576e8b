import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace sharpstream. */
export namespace sharpstream {

    /** Namespace telemetry. */
    namespace telemetry {

        /**
         * Properties of a Frame.
         * @deprecated Use sharpstream.telemetry.Frame.$Properties instead.
         */
        interface IFrame extends sharpstream.telemetry.Frame.$Properties {
        }

        /** Represents a Frame. */
        class Frame {

            /**
             * Constructs a new Frame.
             * @param [properties] Properties to set
             */
            constructor(properties?: sharpstream.telemetry.Frame.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Frame hello. */
            hello?: (sharpstream.telemetry.Hello.$Properties|null);

            /** Frame batch. */
            batch?: (sharpstream.telemetry.Batch.$Properties|null);

            /** Frame event. */
            event?: (sharpstream.telemetry.Event.$Properties|null);

            /** Frame body. */
            body?: ("hello"|"batch"|"event");

            /**
             * Encodes the specified Frame message. Does not implicitly {@link sharpstream.telemetry.Frame.verify|verify} messages.
             * @param message Frame message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sharpstream.telemetry.Frame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Frame message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Frame & sharpstream.telemetry.Frame.$Shape} Frame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sharpstream.telemetry.Frame & sharpstream.telemetry.Frame.$Shape;
        }

        namespace Frame {

            /** Properties of a Frame. */
            interface $Properties {

                /** Frame hello */
                hello?: (sharpstream.telemetry.Hello.$Properties|null);

                /** Frame batch */
                batch?: (sharpstream.telemetry.Batch.$Properties|null);

                /** Frame event */
                event?: (sharpstream.telemetry.Event.$Properties|null);

                /** Frame body */
                body?: ("hello"|"batch"|"event");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Frame. */
            type $Shape = {
              hello?: sharpstream.telemetry.Hello.$Shape|null;
              batch?: sharpstream.telemetry.Batch.$Shape|null;
              event?: sharpstream.telemetry.Event.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; hello?: null; batch?: null; event?: null }|{ body?: "hello"; hello: sharpstream.telemetry.Hello.$Shape; batch?: null; event?: null }|{ body?: "batch"; hello?: null; batch: sharpstream.telemetry.Batch.$Shape; event?: null }|{ body?: "event"; hello?: null; batch?: null; event: sharpstream.telemetry.Event.$Shape })
            );
        }

        /**
         * Properties of a Hello.
         * @deprecated Use sharpstream.telemetry.Hello.$Properties instead.
         */
        interface IHello extends sharpstream.telemetry.Hello.$Properties {
        }

        /** Represents a Hello. */
        class Hello {

            /**
             * Constructs a new Hello.
             * @param [properties] Properties to set
             */
            constructor(properties?: sharpstream.telemetry.Hello.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Hello version. */
            version: number;

            /** Hello runs. */
            runs: sharpstream.telemetry.Run.$Properties[];

            /**
             * Encodes the specified Hello message. Does not implicitly {@link sharpstream.telemetry.Hello.verify|verify} messages.
             * @param message Hello message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sharpstream.telemetry.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Hello & sharpstream.telemetry.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sharpstream.telemetry.Hello & sharpstream.telemetry.Hello.$Shape;
        }

        namespace Hello {

            /** Properties of a Hello. */
            interface $Properties {

                /** Hello version */
                version?: (number|null);

                /** Hello runs */
                runs?: (sharpstream.telemetry.Run.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Hello. */
            type $Shape = sharpstream.telemetry.Hello.$Properties;
        }

        /**
         * Properties of a Run.
         * @deprecated Use sharpstream.telemetry.Run.$Properties instead.
         */
        interface IRun extends sharpstream.telemetry.Run.$Properties {
        }

        /** Represents a Run. */
        class Run {

            /**
             * Constructs a new Run.
             * @param [properties] Properties to set
             */
            constructor(properties?: sharpstream.telemetry.Run.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Run id. */
            id: string;

            /** Run name. */
            name: string;

            /** Run started. */
            started: number;

            /** Run ended. */
            ended: number;

            /**
             * Encodes the specified Run message. Does not implicitly {@link sharpstream.telemetry.Run.verify|verify} messages.
             * @param message Run message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sharpstream.telemetry.Run.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Run message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Run & sharpstream.telemetry.Run.$Shape} Run
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sharpstream.telemetry.Run & sharpstream.telemetry.Run.$Shape;
        }

        namespace Run {

            /** Properties of a Run. */
            interface $Properties {

                /** Run id */
                id?: (string|null);

                /** Run name */
                name?: (string|null);

                /** Run started */
                started?: (number|null);

                /** Run ended */
                ended?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Run. */
            type $Shape = sharpstream.telemetry.Run.$Properties;
        }

        /**
         * Properties of a Series.
         * @deprecated Use sharpstream.telemetry.Series.$Properties instead.
         */
        interface ISeries extends sharpstream.telemetry.Series.$Properties {
        }

        /** Represents a Series. */
        class Series {

            /**
             * Constructs a new Series.
             * @param [properties] Properties to set
             */
            constructor(properties?: sharpstream.telemetry.Series.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Series id. */
            id: number;

            /** Series run. */
            run: string;

            /** Series name. */
            name: string;

            /** Series unit. */
            unit: string;

            /** Series attributes. */
            attributes: { [k: string]: string };

            /**
             * Encodes the specified Series message. Does not implicitly {@link sharpstream.telemetry.Series.verify|verify} messages.
             * @param message Series message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sharpstream.telemetry.Series.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Series message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Series & sharpstream.telemetry.Series.$Shape} Series
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sharpstream.telemetry.Series & sharpstream.telemetry.Series.$Shape;
        }

        namespace Series {

            /** Properties of a Series. */
            interface $Properties {

                /** Series id */
                id?: (number|null);

                /** Series run */
                run?: (string|null);

                /** Series name */
                name?: (string|null);

                /** Series unit */
                unit?: (string|null);

                /** Series attributes */
                attributes?: ({ [k: string]: string }|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Series. */
            type $Shape = sharpstream.telemetry.Series.$Properties;
        }

        /**
         * Properties of a Batch.
         * @deprecated Use sharpstream.telemetry.Batch.$Properties instead.
         */
        interface IBatch extends sharpstream.telemetry.Batch.$Properties {
        }

        /** Represents a Batch. */
        class Batch {

            /**
             * Constructs a new Batch.
             * @param [properties] Properties to set
             */
            constructor(properties?: sharpstream.telemetry.Batch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Batch series. */
            series: sharpstream.telemetry.Series.$Properties[];

            /** Batch ids. */
            ids: number[];

            /** Batch steps. */
            steps: number[];

            /** Batch values. */
            values: number[];

            /** Batch standardErrors. */
            standardErrors: number[];

            /** Batch points. */
            points: sharpstream.telemetry.Points.$Properties[];

            /**
             * Encodes the specified Batch message. Does not implicitly {@link sharpstream.telemetry.Batch.verify|verify} messages.
             * @param message Batch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sharpstream.telemetry.Batch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Batch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Batch & sharpstream.telemetry.Batch.$Shape} Batch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sharpstream.telemetry.Batch & sharpstream.telemetry.Batch.$Shape;
        }

        namespace Batch {

            /** Properties of a Batch. */
            interface $Properties {

                /** Batch series */
                series?: (sharpstream.telemetry.Series.$Properties[]|null);

                /** Batch ids */
                ids?: (number[]|null);

                /** Batch steps */
                steps?: (number[]|null);

                /** Batch values */
                values?: (number[]|null);

                /** Batch standardErrors */
                standardErrors?: (number[]|null);

                /** Batch points */
                points?: (sharpstream.telemetry.Points.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Batch. */
            type $Shape = sharpstream.telemetry.Batch.$Properties;
        }

        /**
         * Properties of a Points.
         * @deprecated Use sharpstream.telemetry.Points.$Properties instead.
         */
        interface IPoints extends sharpstream.telemetry.Points.$Properties {
        }

        /** Represents a Points. */
        class Points {

            /**
             * Constructs a new Points.
             * @param [properties] Properties to set
             */
            constructor(properties?: sharpstream.telemetry.Points.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Points series. */
            series: number;

            /** Points step. */
            step: number;

            /** Points x. */
            x: number[];

            /** Points y. */
            y: number[];

            /**
             * Encodes the specified Points message. Does not implicitly {@link sharpstream.telemetry.Points.verify|verify} messages.
             * @param message Points message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sharpstream.telemetry.Points.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Points message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Points & sharpstream.telemetry.Points.$Shape} Points
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sharpstream.telemetry.Points & sharpstream.telemetry.Points.$Shape;
        }

        namespace Points {

            /** Properties of a Points. */
            interface $Properties {

                /** Points series */
                series?: (number|null);

                /** Points step */
                step?: (number|null);

                /** Points x */
                x?: (number[]|null);

                /** Points y */
                y?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Points. */
            type $Shape = sharpstream.telemetry.Points.$Properties;
        }

        /**
         * Properties of an Event.
         * @deprecated Use sharpstream.telemetry.Event.$Properties instead.
         */
        interface IEvent extends sharpstream.telemetry.Event.$Properties {
        }

        /** Represents an Event. */
        class Event {

            /**
             * Constructs a new Event.
             * @param [properties] Properties to set
             */
            constructor(properties?: sharpstream.telemetry.Event.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Event kind. */
            kind: sharpstream.telemetry.Event.Kind;

            /** Event time. */
            time: number;

            /** Event run. */
            run?: (sharpstream.telemetry.Run.$Properties|null);

            /** Event source. */
            source: string;

            /** Event step. */
            step: number;

            /** Event message. */
            message: string;

            /** Event off. */
            off: boolean;

            /**
             * Encodes the specified Event message. Does not implicitly {@link sharpstream.telemetry.Event.verify|verify} messages.
             * @param message Event message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sharpstream.telemetry.Event.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Event message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Event & sharpstream.telemetry.Event.$Shape} Event
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sharpstream.telemetry.Event & sharpstream.telemetry.Event.$Shape;
        }

        namespace Event {

            /** Properties of an Event. */
            interface $Properties {

                /** Event kind */
                kind?: (sharpstream.telemetry.Event.Kind|null);

                /** Event time */
                time?: (number|null);

                /** Event run */
                run?: (sharpstream.telemetry.Run.$Properties|null);

                /** Event source */
                source?: (string|null);

                /** Event step */
                step?: (number|null);

                /** Event message */
                message?: (string|null);

                /** Event off */
                off?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Event. */
            type $Shape = sharpstream.telemetry.Event.$Properties;

            /** Kind enum. */
            enum Kind {

                /** UNKNOWN value */
                UNKNOWN = 0,

                /** RUN_STARTED value */
                RUN_STARTED = 1,

                /** RUN_ENDED value */
                RUN_ENDED = 2,

                /** FAILURE value */
                FAILURE = 3
            }
        }
    }
}
