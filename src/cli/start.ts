import type { Command } from 'commander';

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('serve, with the example series of Victoria 2014 where there is no series yet')
    .action(async () => {
      const [{ runService }, { importExample }] = await Promise.all([
        import('./run-service.js'),
        import('../jobs/ingest/import-example.js'),
      ]);
      await runService(({ services }) => importExample(services));
    });
}
