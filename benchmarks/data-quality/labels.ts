import { readFile } from 'node:fs/promises';
import type { LoadFinding } from '../../src/core/load-finding.js';
import { faultKinds, warningKinds, type FaultKind } from '../../src/core/load-mark.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { inspectLoad } from '../../src/features/quality/inspect-load.js';
import { toInspect, type LoadSeries } from './load-series.js';

export interface Label {
  readonly kind: FaultKind;
  readonly start: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly comment: string;
}

export interface LabelJudgement {
  /** labels that a finding of any kind covers by half */
  readonly found: readonly Label[];
  readonly missed: readonly Label[];
  /** findings of which less than half is labelled */
  readonly false: readonly LoadFinding[];
  readonly falseHours: number;
}

/** The labels of north_macedonia, which are part of the project. */
export async function readLabels(): Promise<Label[]> {
  const file = new URL('../labels/north-macedonia.csv', import.meta.url);
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const [, ...rows] = lines.filter((line) => !line.startsWith('#'));
  return rows.map((row) => {
    const [start = '', end = '', name = '', ...rest] = row.split(',');
    const kind = faultKinds.find((each) => each === name);
    if (!kind) throw new Error(`"${name}" in the labels is no kind of fault.`);
    const comment = rest.join(',').replaceAll('"', '');
    return { kind, start, startMs: Date.parse(start), endMs: Date.parse(end), comment };
  });
}

/** Warnings are compared with warnings, values with values. */
export async function judgeLabels(series: LoadSeries): Promise<LabelJudgement> {
  const labels = await readLabels();
  const { history, readings } = toInspect(series, series.values);
  const findings = inspectLoad(history, readings);
  const isFound = (label: Label): boolean =>
    warningKinds.has(label.kind)
      ? findings.some(({ kind, ...span }) => kind === label.kind && tells(span, label))
      : coveredHours(label, findings.filter(isOfValues)) >= 0.5 * hoursOf(label);
  const isFalse = (finding: LoadFinding): boolean =>
    warningKinds.has(finding.kind)
      ? !labels.some((label) => label.kind === finding.kind && tells(finding, label))
      : coveredHours(finding, labels.filter(isOfValues)) < 0.5 * hoursOf(finding);
  const wrong = findings.filter(isFalse);
  return {
    found: labels.filter(isFound),
    missed: labels.filter((label) => !isFound(label)),
    false: wrong,
    falseHours: wrong.filter(isOfValues).reduce((sum, finding) => sum + hoursOf(finding), 0),
  };
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

function isOfValues({ kind }: { readonly kind: FaultKind }): boolean {
  return !warningKinds.has(kind);
}

function hoursOf({ startMs, endMs }: Span): number {
  return (endMs - startMs) / hourMs;
}

/** A stretch against the rest may be told as the rest against the stretch: then one ends where the other begins. */
function tells(a: Span, b: Span): boolean {
  const common = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
  const apart = [a.startMs - b.startMs, a.startMs - b.endMs, a.endMs - b.startMs];
  return common >= 0.5 * hoursOf(b) * hourMs || apart.some((ms) => Math.abs(ms) <= 3 * dayMs);
}

function coveredHours({ startMs, endMs }: Span, spans: readonly Span[]): number {
  let hours = 0;
  for (let ms = startMs; ms < endMs; ms += hourMs)
    if (spans.some((span) => span.startMs < ms + hourMs && span.endMs > ms)) hours++;
  return hours;
}
