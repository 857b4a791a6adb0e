/** What was measured, or what the grid operator had forecast the day before. */
export type LoadKind = 'actual' | 'day-ahead';
