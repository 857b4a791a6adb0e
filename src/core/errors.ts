/**
 * An error a person can act on: the message names the culprit and both numbers, `code` is stable.
 * One place maps codes to HTTP problem details, one to CLI exit codes.
 */
export class LoadcastError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'LoadcastError';
  }
}

export type ErrorCode =
  | 'INVALID_INPUT'
  | 'INVALID_CONFIG'
  | 'UNREADABLE_FILE'
  | 'MISSING_COLUMN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'ALREADY_RUNNING'
  | 'PORT_TAKEN'
  | 'INSUFFICIENT_HISTORY'
  | 'DIVERGED'
  | 'DAMAGED_MODEL'
  | 'SOURCE_FAILED'
  | 'CANCELLED';

/** Too little load history for what was asked; callers fall back to a simpler member. */
export class InsufficientHistoryError extends LoadcastError {
  constructor(
    readonly requiredHours: number,
    readonly availableHours: number,
    purpose: string,
  ) {
    super(
      'INSUFFICIENT_HISTORY',
      `Need ${requiredHours} h of load history for ${purpose}, have ${availableHours} h.`,
    );
    this.name = 'InsufficientHistoryError';
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
