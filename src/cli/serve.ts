import type { Command } from 'commander';

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('serve forecasts, reports and REST, and run the daily schedule')
    .action(async () => {
      const { runService } = await import('./run-service.js');
      await runService();
    });
}
