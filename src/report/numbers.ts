/** Figures as a reader sees them: grouped thousands, a true minus sign, "–" for what is not known. */
export const unknown = '–';

export type Figure = number | null | undefined;

export function formatNumber(value: Figure, decimals: number): string {
  return format(value, decimals, 'negative');
}

/** With its sign, for differences. */
export function formatSigned(value: Figure, decimals: number): string {
  return format(value, decimals, 'exceptZero');
}

/** `2.41 %` */
export function formatPct(value: Figure, decimals = 2): string {
  return withUnit(formatNumber(value, decimals), '%');
}

/** `+0.31 %` */
export function formatSignedPct(value: Figure, decimals = 2): string {
  return withUnit(formatSigned(value, decimals), '%');
}

export function withUnit(figure: string, unit: string): string {
  return figure === unknown ? unknown : `${figure}\u00a0${unit}`;
}

/** About four digits at this size of load, so that one feeder and one country both read well. */
export function decimalsFor(sizeMw: number): number {
  if (!(sizeMw > 0) || sizeMw >= 1000) return 0;
  return Math.min(6, 3 - Math.floor(Math.log10(sizeMw)));
}

/** Three significant digits for anything from a learning rate to a loss. */
export function formatCompact(value: Figure): string {
  if (!isKnown(value)) return unknown;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(1).replaceAll('-', '−');
  return formatNumber(value, Math.max(0, 2 - Math.floor(Math.log10(size))));
}

/** `8 s`, `4 min 10 s`, `1 h 05 min` */
export function formatDuration(seconds: Figure): string {
  if (!isKnown(seconds)) return unknown;
  if (seconds < 10) return withUnit(formatNumber(seconds, 1), 's');
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}\u00a0s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}\u00a0min ${twoDigits(whole % 60)}\u00a0s`;
  return `${Math.floor(whole / 3600)}\u00a0h ${twoDigits(Math.floor((whole % 3600) / 60))}\u00a0min`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

function isKnown(value: Figure): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

const formats = new Map<string, Intl.NumberFormat>();

function format(value: Figure, decimals: number, sign: 'negative' | 'exceptZero'): string {
  if (!isKnown(value)) return unknown;
  const key = `${decimals} ${sign}`;
  const existing = formats.get(key);
  const made =
    existing ??
    new Intl.NumberFormat('en-GB', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      signDisplay: sign,
    });
  if (!existing) formats.set(key, made);
  return made.format(value).replaceAll('-', '−');
}
