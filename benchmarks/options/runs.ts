import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWholeFile } from '../../src/jobs/write-whole-file.js';

const mapeSchema = z.object({
  all: z.number(),
  day1: z.number(),
  day2: z.number(),
  day3: z.number(),
});

const runSchema = z.object({
  set: z.string(),
  option: z.string(),
  seed: z.int(),
  /** all that the fit depends on beside data and seed, as JSON: a run of another recipe is made again */
  recipe: z.string(),
  result: z.union([
    z.object({
      /** % over the validation year */
      mape: mapeSchema,
      /** of the fit alone */
      seconds: z.number(),
      parameters: z.number(),
      /** training steps done, and the one whose parameters were kept where there was a validation */
      steps: z.number(),
      bestStep: z.number().nullable(),
      /** MW, float32 in base64, of the base only: the means of several seeds are made of it */
      forecasts: z.string().optional(),
    }),
    z.object({ failure: z.string() }),
  ]),
});

const fileSchema = z.object({
  machine: z.string(),
  threads: z.number(),
  runs: z.array(runSchema),
});

export type Mape = z.infer<typeof mapeSchema>;
export type Run = z.infer<typeof runSchema>;
export type DoneRun = Extract<Run['result'], { mape: Mape }>;
export type RunsFile = z.infer<typeof fileSchema>;

/** The runs of earlier calls; none without a file. */
export async function readRuns(file: string | undefined): Promise<Run[]> {
  if (file === undefined || !existsSync(file)) return [];
  return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).runs;
}

export async function writeRuns(file: string | undefined, content: RunsFile): Promise<void> {
  if (file !== undefined) await writeWholeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

export function isSameRun(a: Omit<Run, 'result'>, b: Omit<Run, 'result'>): boolean {
  return a.set === b.set && a.option === b.option && a.seed === b.seed && a.recipe === b.recipe;
}

export function encodeForecasts(pointMw: Float64Array): string {
  return Buffer.from(Float32Array.from(pointMw).buffer).toString('base64');
}

export function decodeForecasts(text: string): Float64Array {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return Float64Array.from(new Float32Array(bytes.buffer));
}
