import { z } from 'zod';
import { faultKinds, treatments, type FaultKind, type Treatment } from '../core/load-mark.js';

/**
 * What is done with loads of each fault. What may be real, such as a new level, or what cannot be mended by leaving out
 * hours, such as stamps in another zone, is only shown; what is surely no load is masked.
 */
export const defaultPolicy: Readonly<Record<FaultKind, Treatment>> = {
  gap: 'mark',
  'not-positive': 'mask',
  stuck: 'mask',
  spike: 'mask',
  'wrong-level': 'mask',
  'wrong-unit': 'mask',
  'reversed-sign': 'mask',
  cumulative: 'mask',
  copied: 'mask',
  interpolated: 'impute',
  'clock-change': 'impute',
  'level-shift': 'mark',
  displaced: 'mark',
  'ignores-clock-change': 'mark',
  'day-month': 'mark',
};

export type QualityPolicy = Readonly<Record<FaultKind, Treatment>>;

/** Only what differs from the defaults. */
export const qualityOptions = z
  .partialRecord(z.enum(faultKinds), z.enum(treatments))
  .refine(({ gap = 'mark' }) => gap === 'mark' || gap === 'keep', {
    path: ['gap'],
    error: 'can only be keep or mark: there is no load to leave out',
  });
