import { usualHorizonHours } from '../core/horizon.js';
import { timeLabel } from './local-labels.js';
import type { ReportContent } from './report-content.js';
import { decimalsFor, formatNumber, formatSigned, type Figure, withUnit } from './numbers.js';

/** The content and how its loads are written: every section gets one of these. */
export interface ReportView {
  readonly content: ReportContent;
  readonly zone: string;
  /** hours that the forecast covers */
  readonly horizonHours: number;
  /** `Mon 29 Dec 14:00`, local; remembered, since every table names the same hours */
  readonly time: (instantMs: number) => string;
  /** `5,432` at a precision that suits the size of the series */
  readonly mw: (value: Figure) => string;
  /** `5,432 MW` */
  readonly mwUnit: (value: Figure) => string;
  /** `+12` */
  readonly signedMw: (value: Figure) => string;
  /** CSS colour of a member, the same in every chart */
  readonly memberColour: (name: string) => string;
}

const memberColours = 8;

export function createReportView(content: ReportContent): ReportView {
  const decimals = decimalsFor(largestLoad(content));
  const names = memberNames(content);
  const mw = (value: Figure): string => formatNumber(value, decimals);
  return {
    content,
    zone: content.series.zone,
    horizonHours: content.forecast?.values.length ?? usualHorizonHours,
    time: rememberTimes(content.series.zone),
    mw,
    mwUnit: (value) => withUnit(mw(value), 'MW'),
    signedMw: (value) => formatSigned(value, Math.max(decimals, 0)),
    memberColour: (name) =>
      name === 'naive' ? 'var(--naive)' : `var(--member-${names.indexOf(name) % memberColours})`,
  };
}

function rememberTimes(zone: string): (instantMs: number) => string {
  const times = new Map<number, string>();
  return (instantMs) => {
    const known = times.get(instantMs);
    if (known !== undefined) return known;
    const label = timeLabel(instantMs, zone);
    times.set(instantMs, label);
    return label;
  };
}

/** Every member that appears anywhere, the naive one apart: it has a colour of its own. */
function memberNames(content: ReportContent): string[] {
  const names = [
    ...(content.forecast?.members.map((member) => member.name) ?? []),
    ...(content.modelCard?.members.map((member) => member.name) ?? []),
    ...Object.keys(content.evaluation?.members ?? {}),
  ].filter((name) => name !== 'naive');
  return [...new Set(names)];
}

function largestLoad(content: ReportContent): number {
  let largest = 0;
  const look = (value: number): void => {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  };
  for (const value of content.recentLoad.values) look(value);
  for (const value of content.forecast?.values ?? []) look(value.pointMw);
  return largest;
}
