import { LoadcastError } from '../core/errors.js';

/** A region of the load area with its share of the load. */
export interface RegionShare {
  /** date-holidays region, upper case; null = a load area without public holidays of its own */
  readonly region: string | null;
  /** 0–1, all of a load area add up to 1 */
  readonly share: number;
}

/**
 * The regions that a load area is made of.
 * @param text `AU-VIC`, or `DE-BY:13.2,DE-NW:18.0` with weights in any unit; without weights all count alike
 * @throws {LoadcastError} INVALID_INPUT if a weight is no number above 0, only some have one, or a region comes twice
 */
export function parseHolidayRegions(text: string | null): readonly RegionShare[] {
  if (text === null) return [{ region: null, share: 1 }];
  const parts = text.split(',').map((part) => {
    const colon = part.indexOf(':');
    return colon < 0
      ? { region: part.trim().toUpperCase(), weight: undefined }
      : {
          region: part.slice(0, colon).trim().toUpperCase(),
          weight: part.slice(colon + 1).trim(),
        };
  });
  const weighted = parts.filter((part) => part.weight !== undefined).length;
  if (weighted !== 0 && weighted !== parts.length)
    throw invalid(text, `${weighted} of ${parts.length} regions have a weight; give all or none`);
  const regions = parts.map(({ region, weight = '1' }) => {
    const value = weight === '' ? Number.NaN : Number(weight);
    if (!(value > 0 && value < Number.POSITIVE_INFINITY))
      throw invalid(text, `the weight "${weight}" of ${region} is no number above 0`);
    return { region, weight: value };
  });
  const twice = regions.find(({ region }, i) => regions.findIndex((r) => r.region === region) < i);
  if (twice) throw invalid(text, `${twice.region} is there twice`);
  const total = regions.reduce((sum, { weight }) => sum + weight, 0);
  return regions.map(({ region, weight }) => ({ region, share: weight / total }));
}

/** Whether something that holds in `wider` holds in a region: `DE` in `DE-BY`, null everywhere. */
export function isWithin(region: string | null, wider: string | null): boolean {
  if (wider === null) return true;
  const upper = wider.toUpperCase();
  return region === upper || (region?.startsWith(`${upper}-`) ?? false);
}

/** Share of the load area with all of `values`, one a region; exactly 1 where every value is 1. */
export function weightedShare(regions: readonly RegionShare[], values: readonly number[]): number {
  let sum = 0;
  let total = 0;
  for (const [r, { share }] of regions.entries()) {
    sum += share * values[r]!;
    total += share;
  }
  return sum / total;
}

function invalid(text: string, problem: string): LoadcastError {
  return new LoadcastError(
    'INVALID_INPUT',
    `Holiday regions "${text}": ${problem}; write one like AU-VIC, or several like DE-BY:13.2,DE-NW:18.0.`,
  );
}
