/**
 * What a load was measured for: operational values come at once, those that bills are settled by weeks later. A settled
 * value counts more than any operational one of the same interval.
 */
export const loadStages = ['operational', 'settlement'] as const;
export type LoadStage = (typeof loadStages)[number];
