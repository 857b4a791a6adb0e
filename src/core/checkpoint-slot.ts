/** One place where a training is kept, so that one that was killed goes on where it was. */
export interface CheckpointSlot {
  /** the bytes saved last, or null */
  load(): Promise<Uint8Array | null>;
  /** replaces them as a whole or not at all */
  save(bytes: Uint8Array): Promise<void>;
}

/** A slot for each training by name, such as `lstm-seed-1000`. */
export type CheckpointSlots = (name: string) => CheckpointSlot;
