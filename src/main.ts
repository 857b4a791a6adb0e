#!/usr/bin/env node
import { runCli } from './cli/run-cli.js';

// `loadcast … | head` closes our output early: no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv, process.env);
