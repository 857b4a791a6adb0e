import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LoadcastError, messageOf } from '../../core/errors.js';

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

const sampleBytes = 64 * 1024;

/**
 * What a file holds, by its first bytes.
 * @throws {LoadcastError} UNREADABLE_FILE if it is missing, no regular file, empty or not to be read, or a workbook of
 * a kind that is not read
 */
export async function readFormat(file: string): Promise<'csv' | 'json' | 'workbook'> {
  const bytes = await readStart(file);
  const start = bytes.toString('latin1', 0, 4);
  if (start === 'PK\x03\x04' && !(await isGzip(file))) return 'workbook';
  if (start === '\xd0\xcf\x11\xe0')
    throw unreadable(
      file,
      'is an old (.xls) or a protected Excel workbook; save it as .xlsx without a password, or as CSV',
    );
  return /^(?:\xef\xbb\xbf)?\s*[[{]/.test(bytes.toString('latin1')) ? 'json' : 'csv';
}

/**
 * The first part of a text file, unpacked, and the encoding that its byte order mark tells, if it has one.
 * @throws {LoadcastError} UNREADABLE_FILE if the file is missing, no regular file, empty, binary or not to be read
 */
export async function readSample(file: string): Promise<{ text: string; marked: Encoding | null }> {
  const bytes = await readStart(file);
  const marked = encodingOfMark(bytes);
  assertText(file, bytes, marked);
  return { text: new TextDecoder(marked ?? 'windows-1252').decode(bytes), marked };
}

async function readStart(file: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readBytes(file, Number.POSITIVE_INFINITY)) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= sampleBytes) break;
  }
  const bytes = Buffer.concat(chunks).subarray(0, sampleBytes);
  if (bytes.length === 0) throw unreadable(file, 'is empty');
  return bytes;
}

/**
 * The text of a file in chunks, unpacked.
 * @param mostBytes of the unpacked file
 * @throws {TypeError} ERR_ENCODING_INVALID_ENCODED_DATA if it is not in that encoding
 * @throws {LoadcastError} INVALID_INPUT if it is larger than `mostBytes`
 */
export async function* readText(
  file: string,
  encoding: Encoding,
  mostBytes: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of readBytes(file, mostBytes))
    yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* readBytes(file: string, mostBytes: number): AsyncGenerator<Uint8Array> {
  try {
    const zipped = await isGzip(file);
    const raw = createReadStream(file);
    const chunks: AsyncIterable<Uint8Array> = zipped ? unzipped(raw) : raw;
    let length = 0;
    for await (const chunk of chunks) {
      length += chunk.byteLength;
      if (length > mostBytes) throw tooLarge(file, mostBytes);
      yield chunk;
    }
  } catch (error) {
    throw fileError(file, error);
  }
}

/** Ends both streams when either fails or the reader stops early. */
function unzipped(raw: Readable): AsyncIterable<Uint8Array> {
  // A failure destroys the last stream with it, so whoever reads that one gets it.
  return pipeline(raw, createGunzip(), () => {});
}

async function isGzip(file: string): Promise<boolean> {
  const status = await stat(file);
  if (status.isDirectory()) throw unreadable(file, 'is a folder');
  if (!status.isFile()) throw unreadable(file, 'is no regular file');
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function encodingOfMark(bytes: Uint8Array): Encoding | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return null;
}

function assertText(file: string, bytes: Buffer, marked: Encoding | null): void {
  const start = bytes.toString('latin1', 0, 4);
  if (start === 'PK\x03\x04')
    throw unreadable(file, 'is an Excel workbook or a zip; save the sheet as CSV');
  if (start === 'PAR1') throw unreadable(file, 'is a Parquet file; write it as CSV');
  if (!marked?.startsWith('utf-16') && bytes.includes(0))
    throw unreadable(
      file,
      'is binary; loadcast reads CSV and JSON, plain or gzipped, and Excel (.xlsx)',
    );
}

function tooLarge(file: string, mostBytes: number): LoadcastError {
  return new LoadcastError(
    'INVALID_INPUT',
    `"${file}" is larger than ${Math.floor(mostBytes / 1_048_576)} MiB (unpacked), the most that is read at once; split it.`,
  );
}

function fileError(file: string, error: unknown): unknown {
  if (error instanceof LoadcastError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return unreadable(file, `does not exist (looked in ${process.cwd()})`);
  if (code === 'EACCES' || code === 'EPERM')
    return unreadable(file, 'may not be read; check its permissions', error);
  if (code.startsWith('Z_'))
    return unreadable(file, `is a damaged or truncated gzip file (${messageOf(error)})`, error);
  return unreadable(file, `cannot be read (${messageOf(error)})`, error);
}

function unreadable(file: string, reason: string, cause?: unknown): LoadcastError {
  return new LoadcastError('UNREADABLE_FILE', `"${file}" ${reason}.`, { cause });
}
