import { createHash } from 'node:crypto';
import { LoadcastError } from '../core/errors.js';
import type { Batch } from './batch.js';
import { engineName } from './engines/engine.js';
import { fusesMultiplyAdd } from './kernels/kernel-binary.js';
import type { TrainSeq2SeqOptions } from './training-options.js';
import type { TrainingState } from './training-state.js';

/**
 * A checkpoint: the format's name (raised with each change of what a training computes), the length of a JSON header, the
 * header, all arrays as float32 in the machine's order of bytes, and the SHA-256 of everything before it.
 */
const FORMAT = 'loadcast-training-checkpoint-2\n';
const HASH_BYTES = 32;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

interface Header extends Omit<TrainingState, 'parameters' | 'moments' | 'best'> {
  readonly fingerprint: string;
  readonly best: { readonly loss: number; readonly step: number } | null;
}

/**
 * What a training is: two of the same fingerprint give the same bytes. Threads and callbacks are no part of it; the
 * batches are known by their first.
 */
export function trainingFingerprint(
  options: TrainSeq2SeqOptions,
  start: Float32Array,
  firstBatch: Batch,
): string {
  const { network, loss, optimiser, learningRate, schedule, clip, inputNoise } = options;
  const { steps, batchRows, seed, validation, engine = 'wasm' } = options;
  return createHash('sha256')
    .update(
      JSON.stringify([
        FORMAT,
        [network, loss, optimiser, learningRate, schedule, clip, inputNoise],
        [steps, batchRows, seed, engineName(engine), engine === 'wasm' && fusesMultiplyAdd()],
        validation && [validation.rows, validation.every, validation.patience],
        hashOf(start),
        batchHashes(firstBatch),
        validation && batchHashes(validation.batch),
      ]),
    )
    .digest('hex');
}

export function encodeCheckpoint(state: TrainingState, fingerprint: string): Uint8Array {
  const { parameters, moments, best, ...rest } = state;
  const header: Header = {
    ...rest,
    fingerprint,
    best: best && { loss: best.loss, step: best.step },
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const arrays = [parameters, moments.mean, moments.variance, ...(best ? [best.parameters] : [])];
  const body = Buffer.concat([Buffer.from(FORMAT), length, json, ...arrays.map(bytesOf)]);
  return Buffer.concat([body, sha256(body)]);
}

/**
 * @param parameters the array that is trained: filled, and made part of the state
 * @throws LoadcastError DAMAGED_MODEL if the bytes are not as written, INVALID_INPUT if they are of another training
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  fingerprint: string,
  parameters: Float32Array,
): TrainingState {
  const all = Buffer.from(bytes);
  const body = all.subarray(0, -HASH_BYTES);
  if (!sha256(body).equals(all.subarray(-HASH_BYTES)))
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `its ${bytes.length} bytes are damaged: the SHA-256 is not that of the end.`,
    );
  if (!body.subarray(0, FORMAT.length).equals(Buffer.from(FORMAT)))
    throw new LoadcastError('INVALID_INPUT', 'it is of another version.');
  const headerStart = FORMAT.length + 4;
  const headerEnd = headerStart + body.readUInt32LE(FORMAT.length);
  const { fingerprint: found, best, ...rest } = parseHeader(body.subarray(headerStart, headerEnd));
  if (found !== fingerprint)
    throw new LoadcastError('INVALID_INPUT', 'it is of another training: options or data differ.');
  let at = headerEnd;
  const next = (): Float32Array => {
    const values = new Float32Array(parameters.length);
    bytesOf(values).set(body.subarray(at, (at += values.byteLength)));
    return values;
  };
  parameters.set(next());
  const moments = { mean: next(), variance: next() };
  return { ...rest, parameters, moments, best: best && { ...best, parameters: next() } };
}

function parseHeader(json: Buffer): Header {
  // JSON has no NaN: the events' numbers that were not finite are null in it
  const notFinite = new Set(['gradientNorm', 'medianNorm', 'loss']);
  // written by `encodeCheckpoint` and held by its hash
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(json.toString(), (key, value: unknown) =>
    value === null && notFinite.has(key) ? Number.NaN : value,
  ) as Header;
}

function batchHashes(batch: Batch): string[] {
  return [batch.encoder, batch.decoder, batch.target].map(hashOf);
}

function hashOf(values: Float32Array): string {
  return sha256(bytesOf(values)).toString('hex');
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The same memory as bytes. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.length * FLOAT_BYTES);
}
