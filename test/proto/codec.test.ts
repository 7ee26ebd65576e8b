import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { type Batch, decodeFrame, type Event, encodeFrame, type Frame, type Hello } from '../../proto/codec.js';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const text = fc.string({ unit: 'grapheme' });
const float = fc.float();
const run = fc.record({ id: text, name: text, started: fc.double(), ended: fc.double() }, { noNullPrototype: true });
const series = fc.record(
  { id: uint32, run: text, name: text, unit: text, attributes: fc.dictionary(text, text, { noNullPrototype: true }) },
  { noNullPrototype: true },
);
const points = fc.record(
  { series: uint32, step: uint32, x: fc.array(float), y: fc.array(float) },
  { noNullPrototype: true },
);
const hello: fc.Arbitrary<Hello> = fc.record(
  { kind: fc.constant('hello' as const), version: uint32, runs: fc.array(run) },
  { noNullPrototype: true },
);
const batch: fc.Arbitrary<Batch> = fc.record(
  {
    kind: fc.constant('batch' as const),
    series: fc.array(series),
    ids: fc.array(uint32),
    steps: fc.array(uint32),
    values: fc.array(fc.double()),
    standardErrors: fc.array(fc.double()),
    points: fc.array(points),
  },
  { noNullPrototype: true },
);
const event: fc.Arbitrary<Event> = fc.record(
  {
    kind: fc.constant('event' as const),
    what: fc.constantFrom('unknown' as const, 'runStarted' as const, 'runEnded' as const, 'failure' as const),
    time: fc.double(),
    run,
    source: text,
    step: uint32,
    message: text,
    off: fc.boolean(),
  },
  { noNullPrototype: true },
);

test('a frame of any kind comes back as it went', () => {
  fc.assert(
    fc.property(fc.oneof(hello, batch, event), (frame) => {
      expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
    }),
    { seed: 1 },
  );
});

test('typed columns are sent like plain ones', () => {
  const plain: Batch = {
    ...{ kind: 'batch', series: [], points: [] },
    ...{ ids: [1, 300], steps: [0, 70_000], values: [0.5, -0], standardErrors: [Number.NaN, 1] },
  };
  const typed: Batch = {
    ...plain,
    ids: Uint32Array.from(plain.ids),
    steps: Uint32Array.from(plain.steps),
    values: Float64Array.from(plain.values),
    standardErrors: Float64Array.from(plain.standardErrors),
  };
  expect(encodeFrame(typed)).toEqual(encodeFrame(plain));
});

test('numbers that are not finite pass through as they are', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324];
  const frame: Batch = {
    ...{ kind: 'batch', series: [], points: [] },
    ...{ ids: [0, 0, 0, 0, 0], steps: [0, 1, 2, 3, 4], values, standardErrors: [] },
  };
  expect((decodeFrame(encodeFrame(frame)) as Batch).values).toEqual(values);
});

// Worked out by hand from the encoding rules at protobuf.dev/programming-guides/encoding.
const GOLDEN: [string, Frame, string][] = [
  ['a hello', { kind: 'hello', version: 1, runs: [] }, '0a020801'],
  [
    'a batch',
    {
      ...{ kind: 'batch', points: [], ids: [7], steps: [300], values: [1.5], standardErrors: [] },
      series: [{ id: 7, run: 'r', name: 'train.loss', unit: '1', attributes: { layer: 'a' } }],
    },
    '1233' + // Frame.batch, 51 bytes
      '0a20' + // Batch.series, 32 bytes
      '0807' +
      '120172' +
      '1a0a747261696e2e6c6f7373' +
      '220131' + // id, run, name, unit
      '2a0a' +
      '0a056c61796572' +
      '120161' + // one attribute: 'layer', 'a'
      '120107' +
      '1a02ac02' +
      '2208000000000000f83f', // ids, steps, values
  ],
  [
    'a failure',
    {
      ...{ kind: 'event', what: 'failure', time: 1, run: { id: 'r', name: '', started: 0, ended: 0 } },
      ...{ source: 's', step: 2, message: 'm', off: true },
    },
    '1a1a' + '0803' + '11000000000000f03f' + '1a030a0172' + '220173' + '2802' + '32016d' + '3801',
  ],
];

test.each(GOLDEN)('%s has the bytes that the format defines', (_, frame, hex) => {
  expect(Buffer.from(encodeFrame(frame)).toString('hex')).toBe(hex);
  expect(decodeFrame(Buffer.from(hex, 'hex'))).toEqual(frame);
});

test('an implementation that reads the schema itself reads the same', async () => {
  const schema = await protobuf.load(fileURLToPath(new URL('../../proto/telemetry.proto', import.meta.url)));
  const type = schema.lookupType('sharpstream.telemetry.Frame');
  const plain = { defaults: true, arrays: true, objects: true } as const;
  fc.assert(
    fc.property(batch, ({ kind, ...columns }) => {
      const decoded = type.toObject(type.decode(encodeFrame({ kind, ...columns })), plain);
      expect(decoded.batch).toEqual(columns);
    }),
    { seed: 2 },
  );
});

test('fields that are not known are passed over', () => {
  // Field 15 of the frame and field 9 of the hello, both varints.
  const later = Buffer.from('7805' + '0a04' + '0801' + '4863', 'hex');
  expect(decodeFrame(later)).toEqual({ kind: 'hello', version: 1, runs: [] });
});

test('an event of a later kind is unknown, not an error', () => {
  expect(decodeFrame(Buffer.from('1a020863', 'hex'))).toMatchObject({ kind: 'event', what: 'unknown' });
});

test('a frame cut short throws, wherever it is cut', () => {
  for (const [, frame] of GOLDEN) {
    const bytes = encodeFrame(frame);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeFrame(bytes.slice(0, length))).toThrow();
    }
  }
});

test('encoded frames do not share memory', () => {
  const [a, b] = [1, 2].map((version) => encodeFrame({ kind: 'hello', version, runs: [] }));
  expect(a!.buffer).not.toBe(b!.buffer);
  expect(a!.buffer.byteLength).toBe(a!.length);
});
