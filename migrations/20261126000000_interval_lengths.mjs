// Each reading has a length of its own, as a series may go over to another resolution. Until now those of one series
// were alike, but the weather forecasts that were fetched are hourly.

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  for (const table of ['load_observation', 'weather_observation', 'weather_forecast']) {
    await knex.raw(
      `alter table ${table} add column interval_minutes integer not null default 60
        check (interval_minutes between 1 and 60)`,
    );
    const fetched = table === 'weather_forecast' ? ` where source = 'file'` : '';
    await knex.raw(
      `update ${table} set interval_minutes =
        (select resolution_minutes from series where series.id = ${table}.series_id)${fetched}`,
    );
  }
}

/** A step back would lose the lengths: restore a backup instead. */
export async function down() {
  throw new Error('The lengths of the intervals cannot be removed; restore a backup instead.');
}
