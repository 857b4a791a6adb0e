/** Members that a blend may have, the baseline first. */
export const memberNames = [
  'naive',
  'prophet',
  'additive',
  'boosting',
  'boosting-stacked',
  'lstm',
  'lstm-stacked',
  'similar-day',
  'mstl',
] as const;
