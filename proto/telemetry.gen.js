/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["sharpstream"] || ($protobuf.roots["sharpstream"] = {});

export const sharpstream = $root.sharpstream = (() => {

    /**
     * Namespace sharpstream.
     * @exports sharpstream
     * @namespace
     */
    const sharpstream = {};

    sharpstream.telemetry = (function() {

        /**
         * Namespace telemetry.
         * @memberof sharpstream
         * @namespace
         */
        const telemetry = {};

        telemetry.Frame = (function() {

            /**
             * Properties of a Frame.
             * @typedef {Object} sharpstream.telemetry.Frame.$Properties
             * @property {sharpstream.telemetry.Hello.$Properties|null} [hello] Frame hello
             * @property {sharpstream.telemetry.Batch.$Properties|null} [batch] Frame batch
             * @property {sharpstream.telemetry.Event.$Properties|null} [event] Frame event
             * @property {"hello"|"batch"|"event"} [body] Frame body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Frame.
             * @memberof sharpstream.telemetry
             * @interface IFrame
             * @augments sharpstream.telemetry.Frame.$Properties
             * @deprecated Use sharpstream.telemetry.Frame.$Properties instead.
             */

            /**
             * Narrowed shape of a Frame.
             * @typedef {{
             *   hello?: sharpstream.telemetry.Hello.$Shape|null;
             *   batch?: sharpstream.telemetry.Batch.$Shape|null;
             *   event?: sharpstream.telemetry.Event.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; hello?: null; batch?: null; event?: null }|{ body?: "hello"; hello: sharpstream.telemetry.Hello.$Shape; batch?: null; event?: null }|{ body?: "batch"; hello?: null; batch: sharpstream.telemetry.Batch.$Shape; event?: null }|{ body?: "event"; hello?: null; batch?: null; event: sharpstream.telemetry.Event.$Shape })
             * )} sharpstream.telemetry.Frame.$Shape
             */

            /**
             * Constructs a new Frame.
             * @memberof sharpstream.telemetry
             * @classdesc Represents a Frame.
             * @constructor
             * @param {sharpstream.telemetry.Frame.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Frame = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Frame hello.
             * @member {sharpstream.telemetry.Hello.$Properties|null|undefined} hello
             * @memberof sharpstream.telemetry.Frame
             * @instance
             */
            Frame.prototype.hello = null;

            /**
             * Frame batch.
             * @member {sharpstream.telemetry.Batch.$Properties|null|undefined} batch
             * @memberof sharpstream.telemetry.Frame
             * @instance
             */
            Frame.prototype.batch = null;

            /**
             * Frame event.
             * @member {sharpstream.telemetry.Event.$Properties|null|undefined} event
             * @memberof sharpstream.telemetry.Frame
             * @instance
             */
            Frame.prototype.event = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Frame body.
             * @member {"hello"|"batch"|"event"|undefined} body
             * @memberof sharpstream.telemetry.Frame
             * @instance
             */
            $Object.defineProperty(Frame.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["hello", "batch", "event"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Frame message. Does not implicitly {@link sharpstream.telemetry.Frame.verify|verify} messages.
             * @function encode
             * @memberof sharpstream.telemetry.Frame
             * @static
             * @param {sharpstream.telemetry.Frame.$Properties} message Frame message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Frame.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                    $root.sharpstream.telemetry.Hello.encode(message.hello, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.batch != null && $Object.hasOwnProperty.call(message, "batch"))
                    $root.sharpstream.telemetry.Batch.encode(message.batch, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.event != null && $Object.hasOwnProperty.call(message, "event"))
                    $root.sharpstream.telemetry.Event.encode(message.event, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Frame message from the specified reader or buffer.
             * @function decode
             * @memberof sharpstream.telemetry.Frame
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Frame & sharpstream.telemetry.Frame.$Shape} Frame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Frame.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sharpstream.telemetry.Frame();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.hello = $root.sharpstream.telemetry.Hello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                            message.body = "hello";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.batch = $root.sharpstream.telemetry.Batch.decode(reader, reader.size(), $undefined, _depth + 1, message.batch);
                            message.body = "batch";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.event = $root.sharpstream.telemetry.Event.decode(reader, reader.size(), $undefined, _depth + 1, message.event);
                            message.body = "event";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Frame;
        })();

        telemetry.Hello = (function() {

            /**
             * Properties of a Hello.
             * @typedef {Object} sharpstream.telemetry.Hello.$Properties
             * @property {number|null} [version] Hello version
             * @property {Array.<sharpstream.telemetry.Run.$Properties>|null} [runs] Hello runs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Hello.
             * @memberof sharpstream.telemetry
             * @interface IHello
             * @augments sharpstream.telemetry.Hello.$Properties
             * @deprecated Use sharpstream.telemetry.Hello.$Properties instead.
             */

            /**
             * Shape of a Hello.
             * @typedef {sharpstream.telemetry.Hello.$Properties} sharpstream.telemetry.Hello.$Shape
             */

            /**
             * Constructs a new Hello.
             * @memberof sharpstream.telemetry
             * @classdesc Represents a Hello.
             * @constructor
             * @param {sharpstream.telemetry.Hello.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Hello = function (properties) {
                this.runs = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Hello version.
             * @member {number} version
             * @memberof sharpstream.telemetry.Hello
             * @instance
             */
            Hello.prototype.version = 0;

            /**
             * Hello runs.
             * @member {Array.<sharpstream.telemetry.Run.$Properties>} runs
             * @memberof sharpstream.telemetry.Hello
             * @instance
             */
            Hello.prototype.runs = $util.emptyArray;

            /**
             * Encodes the specified Hello message. Does not implicitly {@link sharpstream.telemetry.Hello.verify|verify} messages.
             * @function encode
             * @memberof sharpstream.telemetry.Hello
             * @static
             * @param {sharpstream.telemetry.Hello.$Properties} message Hello message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Hello.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.version);
                if (message.runs != null && message.runs.length)
                    for (let i = 0; i < message.runs.length; ++i)
                        $root.sharpstream.telemetry.Run.encode(message.runs[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @function decode
             * @memberof sharpstream.telemetry.Hello
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Hello & sharpstream.telemetry.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Hello.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sharpstream.telemetry.Hello();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.runs && message.runs.length))
                                message.runs = [];
                            message.runs.push($root.sharpstream.telemetry.Run.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Hello;
        })();

        telemetry.Run = (function() {

            /**
             * Properties of a Run.
             * @typedef {Object} sharpstream.telemetry.Run.$Properties
             * @property {string|null} [id] Run id
             * @property {string|null} [name] Run name
             * @property {number|null} [started] Run started
             * @property {number|null} [ended] Run ended
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Run.
             * @memberof sharpstream.telemetry
             * @interface IRun
             * @augments sharpstream.telemetry.Run.$Properties
             * @deprecated Use sharpstream.telemetry.Run.$Properties instead.
             */

            /**
             * Shape of a Run.
             * @typedef {sharpstream.telemetry.Run.$Properties} sharpstream.telemetry.Run.$Shape
             */

            /**
             * Constructs a new Run.
             * @memberof sharpstream.telemetry
             * @classdesc Represents a Run.
             * @constructor
             * @param {sharpstream.telemetry.Run.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Run = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Run id.
             * @member {string} id
             * @memberof sharpstream.telemetry.Run
             * @instance
             */
            Run.prototype.id = "";

            /**
             * Run name.
             * @member {string} name
             * @memberof sharpstream.telemetry.Run
             * @instance
             */
            Run.prototype.name = "";

            /**
             * Run started.
             * @member {number} started
             * @memberof sharpstream.telemetry.Run
             * @instance
             */
            Run.prototype.started = 0;

            /**
             * Run ended.
             * @member {number} ended
             * @memberof sharpstream.telemetry.Run
             * @instance
             */
            Run.prototype.ended = 0;

            /**
             * Encodes the specified Run message. Does not implicitly {@link sharpstream.telemetry.Run.verify|verify} messages.
             * @function encode
             * @memberof sharpstream.telemetry.Run
             * @static
             * @param {sharpstream.telemetry.Run.$Properties} message Run message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Run.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.started != null && $Object.hasOwnProperty.call(message, "started") && !$Object.is(message.started, 0))
                    writer.uint32(/* id 3, wireType 1 =*/25).double(message.started);
                if (message.ended != null && $Object.hasOwnProperty.call(message, "ended") && !$Object.is(message.ended, 0))
                    writer.uint32(/* id 4, wireType 1 =*/33).double(message.ended);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Run message from the specified reader or buffer.
             * @function decode
             * @memberof sharpstream.telemetry.Run
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Run & sharpstream.telemetry.Run.$Shape} Run
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Run.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sharpstream.telemetry.Run();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.started = value;
                            else
                                delete message.started;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.ended = value;
                            else
                                delete message.ended;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Run;
        })();

        telemetry.Series = (function() {

            /**
             * Properties of a Series.
             * @typedef {Object} sharpstream.telemetry.Series.$Properties
             * @property {number|null} [id] Series id
             * @property {string|null} [run] Series run
             * @property {string|null} [name] Series name
             * @property {string|null} [unit] Series unit
             * @property {Object.<string,string>|null} [attributes] Series attributes
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Series.
             * @memberof sharpstream.telemetry
             * @interface ISeries
             * @augments sharpstream.telemetry.Series.$Properties
             * @deprecated Use sharpstream.telemetry.Series.$Properties instead.
             */

            /**
             * Shape of a Series.
             * @typedef {sharpstream.telemetry.Series.$Properties} sharpstream.telemetry.Series.$Shape
             */

            /**
             * Constructs a new Series.
             * @memberof sharpstream.telemetry
             * @classdesc Represents a Series.
             * @constructor
             * @param {sharpstream.telemetry.Series.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Series = function (properties) {
                this.attributes = {};
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Series id.
             * @member {number} id
             * @memberof sharpstream.telemetry.Series
             * @instance
             */
            Series.prototype.id = 0;

            /**
             * Series run.
             * @member {string} run
             * @memberof sharpstream.telemetry.Series
             * @instance
             */
            Series.prototype.run = "";

            /**
             * Series name.
             * @member {string} name
             * @memberof sharpstream.telemetry.Series
             * @instance
             */
            Series.prototype.name = "";

            /**
             * Series unit.
             * @member {string} unit
             * @memberof sharpstream.telemetry.Series
             * @instance
             */
            Series.prototype.unit = "";

            /**
             * Series attributes.
             * @member {Object.<string,string>} attributes
             * @memberof sharpstream.telemetry.Series
             * @instance
             */
            Series.prototype.attributes = $util.emptyObject;

            /**
             * Encodes the specified Series message. Does not implicitly {@link sharpstream.telemetry.Series.verify|verify} messages.
             * @function encode
             * @memberof sharpstream.telemetry.Series
             * @static
             * @param {sharpstream.telemetry.Series.$Properties} message Series message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Series.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
                if (message.run != null && $Object.hasOwnProperty.call(message, "run") && message.run !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.run);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.unit != null && $Object.hasOwnProperty.call(message, "unit") && message.unit !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.unit);
                if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes"))
                    for (let keys = $Object.keys(message.attributes), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.attributes[keys[i]]).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Series message from the specified reader or buffer.
             * @function decode
             * @memberof sharpstream.telemetry.Series
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Series & sharpstream.telemetry.Series.$Shape} Series
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Series.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sharpstream.telemetry.Series();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.run = value;
                            else
                                delete message.run;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.unit = value;
                            else
                                delete message.unit;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (message.attributes === $util.emptyObject)
                                message.attributes = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.attributes, key);
                            message.attributes[key] = value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Series;
        })();

        telemetry.Batch = (function() {

            /**
             * Properties of a Batch.
             * @typedef {Object} sharpstream.telemetry.Batch.$Properties
             * @property {Array.<sharpstream.telemetry.Series.$Properties>|null} [series] Batch series
             * @property {Array.<number>|null} [ids] Batch ids
             * @property {Array.<number>|null} [steps] Batch steps
             * @property {Array.<number>|null} [values] Batch values
             * @property {Array.<number>|null} [standardErrors] Batch standardErrors
             * @property {Array.<sharpstream.telemetry.Points.$Properties>|null} [points] Batch points
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Batch.
             * @memberof sharpstream.telemetry
             * @interface IBatch
             * @augments sharpstream.telemetry.Batch.$Properties
             * @deprecated Use sharpstream.telemetry.Batch.$Properties instead.
             */

            /**
             * Shape of a Batch.
             * @typedef {sharpstream.telemetry.Batch.$Properties} sharpstream.telemetry.Batch.$Shape
             */

            /**
             * Constructs a new Batch.
             * @memberof sharpstream.telemetry
             * @classdesc Represents a Batch.
             * @constructor
             * @param {sharpstream.telemetry.Batch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Batch = function (properties) {
                this.series = [];
                this.ids = [];
                this.steps = [];
                this.values = [];
                this.standardErrors = [];
                this.points = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Batch series.
             * @member {Array.<sharpstream.telemetry.Series.$Properties>} series
             * @memberof sharpstream.telemetry.Batch
             * @instance
             */
            Batch.prototype.series = $util.emptyArray;

            /**
             * Batch ids.
             * @member {Array.<number>} ids
             * @memberof sharpstream.telemetry.Batch
             * @instance
             */
            Batch.prototype.ids = $util.emptyArray;

            /**
             * Batch steps.
             * @member {Array.<number>} steps
             * @memberof sharpstream.telemetry.Batch
             * @instance
             */
            Batch.prototype.steps = $util.emptyArray;

            /**
             * Batch values.
             * @member {Array.<number>} values
             * @memberof sharpstream.telemetry.Batch
             * @instance
             */
            Batch.prototype.values = $util.emptyArray;

            /**
             * Batch standardErrors.
             * @member {Array.<number>} standardErrors
             * @memberof sharpstream.telemetry.Batch
             * @instance
             */
            Batch.prototype.standardErrors = $util.emptyArray;

            /**
             * Batch points.
             * @member {Array.<sharpstream.telemetry.Points.$Properties>} points
             * @memberof sharpstream.telemetry.Batch
             * @instance
             */
            Batch.prototype.points = $util.emptyArray;

            /**
             * Encodes the specified Batch message. Does not implicitly {@link sharpstream.telemetry.Batch.verify|verify} messages.
             * @function encode
             * @memberof sharpstream.telemetry.Batch
             * @static
             * @param {sharpstream.telemetry.Batch.$Properties} message Batch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Batch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.series != null && message.series.length)
                    for (let i = 0; i < message.series.length; ++i)
                        $root.sharpstream.telemetry.Series.encode(message.series[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.ids != null && message.ids.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).uint32s(message.ids);
                if (message.steps != null && message.steps.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).uint32s(message.steps);
                if (message.values != null && message.values.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).doubles(message.values);
                if (message.standardErrors != null && message.standardErrors.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).doubles(message.standardErrors);
                if (message.points != null && message.points.length)
                    for (let i = 0; i < message.points.length; ++i)
                        $root.sharpstream.telemetry.Points.encode(message.points[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Batch message from the specified reader or buffer.
             * @function decode
             * @memberof sharpstream.telemetry.Batch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Batch & sharpstream.telemetry.Batch.$Shape} Batch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Batch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sharpstream.telemetry.Batch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.series && message.series.length))
                                message.series = [];
                            message.series.push($root.sharpstream.telemetry.Series.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.ids && message.ids.length))
                                    message.ids = [];
                                reader.uint32s(message.ids);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.ids && message.ids.length))
                                message.ids = [];
                            message.ids.push(reader.uint32());
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.steps && message.steps.length))
                                    message.steps = [];
                                reader.uint32s(message.steps);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.steps && message.steps.length))
                                message.steps = [];
                            message.steps.push(reader.uint32());
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.values && message.values.length))
                                    message.values = [];
                                reader.doubles(message.values);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.values && message.values.length))
                                message.values = [];
                            message.values.push(reader.double());
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.standardErrors && message.standardErrors.length))
                                    message.standardErrors = [];
                                reader.doubles(message.standardErrors);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.standardErrors && message.standardErrors.length))
                                message.standardErrors = [];
                            message.standardErrors.push(reader.double());
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.points && message.points.length))
                                message.points = [];
                            message.points.push($root.sharpstream.telemetry.Points.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Batch;
        })();

        telemetry.Points = (function() {

            /**
             * Properties of a Points.
             * @typedef {Object} sharpstream.telemetry.Points.$Properties
             * @property {number|null} [series] Points series
             * @property {number|null} [step] Points step
             * @property {Array.<number>|null} [x] Points x
             * @property {Array.<number>|null} [y] Points y
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Points.
             * @memberof sharpstream.telemetry
             * @interface IPoints
             * @augments sharpstream.telemetry.Points.$Properties
             * @deprecated Use sharpstream.telemetry.Points.$Properties instead.
             */

            /**
             * Shape of a Points.
             * @typedef {sharpstream.telemetry.Points.$Properties} sharpstream.telemetry.Points.$Shape
             */

            /**
             * Constructs a new Points.
             * @memberof sharpstream.telemetry
             * @classdesc Represents a Points.
             * @constructor
             * @param {sharpstream.telemetry.Points.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Points = function (properties) {
                this.x = [];
                this.y = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Points series.
             * @member {number} series
             * @memberof sharpstream.telemetry.Points
             * @instance
             */
            Points.prototype.series = 0;

            /**
             * Points step.
             * @member {number} step
             * @memberof sharpstream.telemetry.Points
             * @instance
             */
            Points.prototype.step = 0;

            /**
             * Points x.
             * @member {Array.<number>} x
             * @memberof sharpstream.telemetry.Points
             * @instance
             */
            Points.prototype.x = $util.emptyArray;

            /**
             * Points y.
             * @member {Array.<number>} y
             * @memberof sharpstream.telemetry.Points
             * @instance
             */
            Points.prototype.y = $util.emptyArray;

            /**
             * Encodes the specified Points message. Does not implicitly {@link sharpstream.telemetry.Points.verify|verify} messages.
             * @function encode
             * @memberof sharpstream.telemetry.Points
             * @static
             * @param {sharpstream.telemetry.Points.$Properties} message Points message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Points.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.series != null && $Object.hasOwnProperty.call(message, "series") && message.series !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.series);
                if (message.step != null && $Object.hasOwnProperty.call(message, "step") && message.step !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.step);
                if (message.x != null && message.x.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).floats(message.x);
                if (message.y != null && message.y.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).floats(message.y);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Points message from the specified reader or buffer.
             * @function decode
             * @memberof sharpstream.telemetry.Points
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Points & sharpstream.telemetry.Points.$Shape} Points
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Points.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sharpstream.telemetry.Points();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.series = value;
                            else
                                delete message.series;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.step = value;
                            else
                                delete message.step;
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.x && message.x.length))
                                    message.x = [];
                                reader.floats(message.x);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.x && message.x.length))
                                message.x = [];
                            message.x.push(reader.float());
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.y && message.y.length))
                                    message.y = [];
                                reader.floats(message.y);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.y && message.y.length))
                                message.y = [];
                            message.y.push(reader.float());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Points;
        })();

        telemetry.Event = (function() {

            /**
             * Properties of an Event.
             * @typedef {Object} sharpstream.telemetry.Event.$Properties
             * @property {sharpstream.telemetry.Event.Kind|null} [kind] Event kind
             * @property {number|null} [time] Event time
             * @property {sharpstream.telemetry.Run.$Properties|null} [run] Event run
             * @property {string|null} [source] Event source
             * @property {number|null} [step] Event step
             * @property {string|null} [message] Event message
             * @property {boolean|null} [off] Event off
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Event.
             * @memberof sharpstream.telemetry
             * @interface IEvent
             * @augments sharpstream.telemetry.Event.$Properties
             * @deprecated Use sharpstream.telemetry.Event.$Properties instead.
             */

            /**
             * Shape of an Event.
             * @typedef {sharpstream.telemetry.Event.$Properties} sharpstream.telemetry.Event.$Shape
             */

            /**
             * Constructs a new Event.
             * @memberof sharpstream.telemetry
             * @classdesc Represents an Event.
             * @constructor
             * @param {sharpstream.telemetry.Event.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Event = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Event kind.
             * @member {sharpstream.telemetry.Event.Kind} kind
             * @memberof sharpstream.telemetry.Event
             * @instance
             */
            Event.prototype.kind = 0;

            /**
             * Event time.
             * @member {number} time
             * @memberof sharpstream.telemetry.Event
             * @instance
             */
            Event.prototype.time = 0;

            /**
             * Event run.
             * @member {sharpstream.telemetry.Run.$Properties|null|undefined} run
             * @memberof sharpstream.telemetry.Event
             * @instance
             */
            Event.prototype.run = null;

            /**
             * Event source.
             * @member {string} source
             * @memberof sharpstream.telemetry.Event
             * @instance
             */
            Event.prototype.source = "";

            /**
             * Event step.
             * @member {number} step
             * @memberof sharpstream.telemetry.Event
             * @instance
             */
            Event.prototype.step = 0;

            /**
             * Event message.
             * @member {string} message
             * @memberof sharpstream.telemetry.Event
             * @instance
             */
            Event.prototype.message = "";

            /**
             * Event off.
             * @member {boolean} off
             * @memberof sharpstream.telemetry.Event
             * @instance
             */
            Event.prototype.off = false;

            /**
             * Encodes the specified Event message. Does not implicitly {@link sharpstream.telemetry.Event.verify|verify} messages.
             * @function encode
             * @memberof sharpstream.telemetry.Event
             * @static
             * @param {sharpstream.telemetry.Event.$Properties} message Event message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Event.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.kind);
                if (message.time != null && $Object.hasOwnProperty.call(message, "time") && !$Object.is(message.time, 0))
                    writer.uint32(/* id 2, wireType 1 =*/17).double(message.time);
                if (message.run != null && $Object.hasOwnProperty.call(message, "run"))
                    $root.sharpstream.telemetry.Run.encode(message.run, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.source != null && $Object.hasOwnProperty.call(message, "source") && message.source !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.source);
                if (message.step != null && $Object.hasOwnProperty.call(message, "step") && message.step !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.step);
                if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.message);
                if (message.off != null && $Object.hasOwnProperty.call(message, "off") && message.off !== false)
                    writer.uint32(/* id 7, wireType 0 =*/56).bool(message.off);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Event message from the specified reader or buffer.
             * @function decode
             * @memberof sharpstream.telemetry.Event
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sharpstream.telemetry.Event & sharpstream.telemetry.Event.$Shape} Event
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Event.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sharpstream.telemetry.Event();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.time = value;
                            else
                                delete message.time;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.run = $root.sharpstream.telemetry.Run.decode(reader, reader.size(), $undefined, _depth + 1, message.run);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.source = value;
                            else
                                delete message.source;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.step = value;
                            else
                                delete message.step;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.message = value;
                            else
                                delete message.message;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.off = value;
                            else
                                delete message.off;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Kind enum.
             * @name sharpstream.telemetry.Event.Kind
             * @enum {number}
             * @property {number} UNKNOWN=0 UNKNOWN value
             * @property {number} RUN_STARTED=1 RUN_STARTED value
             * @property {number} RUN_ENDED=2 RUN_ENDED value
             * @property {number} FAILURE=3 FAILURE value
             */
            Event.Kind = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "UNKNOWN"] = 0;
                values[valuesById[1] = "RUN_STARTED"] = 1;
                values[valuesById[2] = "RUN_ENDED"] = 2;
                values[valuesById[3] = "FAILURE"] = 3;
                return values;
            })();

            return Event;
        })();

        return telemetry;
    })();

    return sharpstream;
})();

export {
  $root as default
};
