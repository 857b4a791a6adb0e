/** Whether generation behind the meters, such as rooftop solar, is taken off a load (net) or not (gross). */
export const loadKinds = ['net', 'gross'] as const;
export type LoadKind = (typeof loadKinds)[number];
