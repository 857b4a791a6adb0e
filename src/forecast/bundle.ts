import type { ModelCard } from '../core/model-card.js';
import type { PastForecast } from '../ensemble/past-forecast.js';
import type { FittedMember, Member, SavedMember } from '../models/member.js';
import { LoadcastError } from '../core/errors.js';

/** The fitted members of one training, with the out-of-sample forecasts that weights and quantiles start from. */
export interface Bundle {
  readonly id: string;
  readonly card: ModelCard;
  readonly fitted: readonly FittedMember[];
  /** ascending by issue time */
  readonly past: readonly PastForecast[];
}

/** A bundle as it is stored: the card, and one manifest and one block of numbers for each member. */
export interface SavedBundle {
  readonly card: ModelCard;
  readonly members: readonly SavedMember[];
  readonly past: readonly SavedPastForecast[];
}

/** JSON-safe: null where a member was left out. */
export interface SavedPastForecast {
  readonly issuedAtMs: number;
  readonly memberMw: Readonly<Record<string, readonly (number | null)[]>>;
  readonly blendMw: readonly (number | null)[];
}

export function saveBundle(bundle: Bundle): SavedBundle {
  return {
    card: bundle.card,
    members: bundle.fitted.map((member) => member.save()),
    past: bundle.past.map((forecast) => ({
      issuedAtMs: forecast.issuedAtMs,
      memberMw: Object.fromEntries(
        Object.entries(forecast.memberMw).map(([name, mw]) => [name, toNullable(mw)]),
      ),
      blendMw: toNullable(forecast.blendMw),
    })),
  };
}

/**
 * @param members those that can be restored, by name
 * @throws {LoadcastError} DAMAGED_MODEL if a stored member has no counterpart or cannot be read
 */
export async function restoreBundle(
  saved: SavedBundle,
  members: readonly Member[],
): Promise<Bundle> {
  const fitted = await Promise.all(
    saved.members.map((stored) => {
      const member = members.find((candidate) => candidate.name === stored.name);
      if (!member)
        throw new LoadcastError(
          'DAMAGED_MODEL',
          `Bundle ${saved.card.bundleId} holds a member "${stored.name}" that this version does not know; retrain.`,
        );
      return member.restore(stored);
    }),
  );
  const past = saved.past.map((forecast) => ({
    issuedAtMs: forecast.issuedAtMs,
    memberMw: Object.fromEntries(
      Object.entries(forecast.memberMw).map(([name, mw]) => [name, fromNullable(mw)]),
    ),
    blendMw: fromNullable(forecast.blendMw),
  }));
  return { id: saved.card.bundleId, card: saved.card, fitted, past };
}

export function disposeBundle(bundle: Bundle): void {
  for (const member of bundle.fitted) member.dispose();
}

function toNullable(mw: Float64Array): (number | null)[] {
  // Rounded to a watt: the track record needs no more, and the file stays small.
  return Array.from(mw, (value) => (Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : null));
}

function fromNullable(mw: readonly (number | null)[]): Float64Array {
  return Float64Array.from(mw, (value) => value ?? Number.NaN);
}
