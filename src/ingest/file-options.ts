import { z } from 'zod';
import { loadStages } from '../core/load-stage.js';
import { loadUnits } from './load-unit.js';

/** How a load file is read, where that is not found out from the file itself: the options of `loadcast import`. */
export const fileOptions = z.strictObject({
  sheet: z.string().optional(),
  timeColumn: z.string().optional(),
  loadColumn: z.string().optional(),
  temperatureColumn: z.string().optional(),
  extraColumns: z.array(z.string()).optional(),
  stage: z.enum(loadStages).optional(),
  unit: z.enum(loadUnits).optional(),
  stamps: z.enum(['start', 'end']).optional(),
  zone: z.string().optional(),
  dateOrder: z.enum(['dmy', 'mdy']).optional(),
  decimal: z.enum(['.', ',']).optional(),
});

export type FileOptions = z.infer<typeof fileOptions>;

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Options without those that are undefined: absent and undefined are told apart. */
export function definedOnly<T extends object>(options: T): Defined<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only undefined values were taken out
  return Object.fromEntries(entries) as Defined<T>;
}
