import type { QualityIssue } from '../core/quality-issue.js';

type Kind = QualityIssue['kind'];

/** Collects issues; beyond a number of each kind only counts them, so that a broken file cannot fill the memory. */
export interface IssueList {
  add(issue: QualityIssue): void;
  /** the issues in the order they came, each kind closed by one entry for those that were only counted */
  all(): QualityIssue[];
}

const listedPerKind = 1_000;

export function createIssueList(): IssueList {
  const listed: QualityIssue[] = [];
  const listedOf = new Map<Kind, number>();
  const restOf = new Map<Kind, { count: number; lastLine: number | null }>();
  return {
    add(issue) {
      const before = listedOf.get(issue.kind) ?? 0;
      if (before < listedPerKind) {
        listed.push(issue);
        listedOf.set(issue.kind, before + 1);
        return;
      }
      const count = (restOf.get(issue.kind)?.count ?? 0) + issue.count;
      restOf.set(issue.kind, { count, lastLine: issue.line });
    },
    all: () => [
      ...listed,
      ...[...restOf].map(([kind, { count, lastLine }]) => ({
        kind,
        line: null,
        validAtMs: null,
        count,
        reason:
          `${count} more of this kind that are not listed` +
          (lastLine === null ? '' : `, the last in line ${lastLine}`),
      })),
    ],
  };
}
