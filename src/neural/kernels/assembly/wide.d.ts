/** Whether the binary is the wide one: a constant that scripts/build-kernels.mjs hands to the compiler. */
declare const WIDE: bool;
