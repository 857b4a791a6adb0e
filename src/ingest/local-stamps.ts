import { dayMs, localWallClock } from '../core/time.js';

/** Instants at which clocks of a zone show a time: none where they skip it, two where it is doubled, earlier first. */
export type InstantsOf = (clockMs: number) => readonly number[];

/** Clocks change on a quarter of an hour; offsets are looked up in blocks of two weeks. */
const stepMs = 15 * 60_000;
const blockSteps = (14 * dayMs) / stepMs;

/**
 * Turns wall clock into instants.
 * @param zone IANA name
 * @returns a function of the wall clock written as if it were UTC, ms
 * @throws {LoadcastError} INVALID_INPUT if the zone is unknown
 */
export function createInstantsOf(zone: string): InstantsOf {
  const offsetAt = createOffsetAt(zone);
  offsetAt(0);
  return (clockMs) => {
    // A day to either side lies before and after any change that this clock time can belong to.
    const before = offsetAt(clockMs - dayMs);
    const after = offsetAt(clockMs + dayMs);
    if (before === after) return [clockMs - before];
    return [clockMs - before, clockMs - after]
      .filter((instantMs) => instantMs + offsetAt(instantMs) === clockMs)
      .sort((a, b) => a - b);
  };
}

/** Offset of a zone at an instant, ms; each block of two weeks is asked of the calendar once. */
function createOffsetAt(zone: string): (instantMs: number) => number {
  const blocks = new Map<number, Float64Array>();
  return (instantMs) => {
    const step = Math.floor(instantMs / stepMs);
    const block = Math.floor(step / blockSteps);
    const firstMs = block * blockSteps * stepMs;
    let clocks = blocks.get(block);
    if (!clocks) {
      clocks = localWallClock(zone, firstMs, stepMs, blockSteps);
      blocks.set(block, clocks);
    }
    const inBlock = step - block * blockSteps;
    return (clocks[inBlock] ?? 0) - (firstMs + inBlock * stepMs);
  };
}
