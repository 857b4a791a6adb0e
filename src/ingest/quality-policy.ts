import { z } from 'zod';
import { faultKinds, treatments, type FaultKind, type Treatment } from '../core/load-mark.js';

/**
 * What is done with loads of each fault. What may be real, such as a new level, or what cannot be mended by leaving out
 * hours, such as stamps in another zone, is only shown; what is surely no load is masked.
 */
export const defaultPolicy: Readonly<Record<FaultKind, Treatment>> = {
  'not-positive': 'mask',
  stuck: 'mask',
  spike: 'mask',
  'wrong-level': 'mask',
  'level-shift': 'mark',
  sign: 'mask',
  'wrong-unit': 'mask',
  'time-shift': 'mark',
  'date-order': 'mark',
  register: 'mark',
  'clock-change': 'impute',
  copied: 'mark',
  'straight-line': 'mark',
};

export type QualityPolicy = Readonly<Record<FaultKind, Treatment>>;

/** Only what differs from the defaults. */
export const qualityOptions = z.partialRecord(z.enum(faultKinds), z.enum(treatments));
