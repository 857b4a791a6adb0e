#!/usr/bin/env node
import { runCli } from './cli/run-cli.js';

// `loadcast … | head` closes our output early: no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// TensorFlow, where it is used, tells the terminal how it was built otherwise.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';

process.exitCode = await runCli(process.argv, process.env);
