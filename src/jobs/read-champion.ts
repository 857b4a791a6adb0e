import { messageOf } from '../core/errors.js';
import type { SavedBundle } from '../forecast/bundle.js';
import type { BundleRecord, Series } from '../store/store.js';
import { readBundle } from './bundle-files.js';
import type { JobServices } from './job-services.js';

/** The champion of a series with its parts, or why there is none to work with. */
export type Champion =
  | { readonly record: BundleRecord; readonly bundle: SavedBundle; readonly reason: null }
  | { readonly record: null; readonly bundle: null; readonly reason: string };

/** Reads the models of a series. Parts that cannot be read are warned of, and are no reason to do nothing. */
export async function readChampion(services: JobServices, series: Series): Promise<Champion> {
  const record = await services.store.championBundle(series.id);
  if (!record) return { record: null, bundle: null, reason: services.withoutModels };
  try {
    return { record, bundle: await readBundle(services.modelFiles, record), reason: null };
  } catch (error) {
    services.warn(`The models of ${series.id} cannot be used: ${messageOf(error)}`);
    const reason = `the models cannot be used: ${messageOf(error)}`;
    return { record: null, bundle: null, reason };
  }
}
