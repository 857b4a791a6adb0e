/** Something in the input that was rejected, marked or substituted, in words a person can act on. */
export interface QualityIssue {
  readonly kind:
    | 'rejected-row'
    | 'duplicate'
    | 'gap'
    | 'imputed'
    | 'suspect-value'
    | 'partial-hour'
    | 'weather-missing';
  /** line in the source file (1 = header), or null */
  readonly line: number | null;
  /** affected hour or interval start, or null */
  readonly validAtMs: number | null;
  readonly count: number;
  readonly reason: string;
}

/** Outcome of one import. `rows = accepted + rejected`. */
export interface ImportSummary {
  readonly source: string;
  readonly rows: number;
  readonly rejected: number;
  readonly added: number;
  readonly unchanged: number;
  readonly revised: number;
  readonly firstMs: number | null;
  readonly endMs: number | null;
  readonly issues: readonly QualityIssue[];
}
