// Members of ensemble weather forecasts, one row a run: JSON of one course of temperatures a member, on the grid that begins
// at start_ms. And how far a forecast differed between the weather forecasts there were.

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.raw(
    `create table weather_ensemble (
      series_id text not null references series (id),
      run_at_ms integer not null,
      available_at_ms integer not null,
      start_ms integer not null,
      members text not null,
      primary key (series_id, run_at_ms)
    )`,
  );
  await knex.raw('alter table forecast_run add column weather_spread text');
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw('alter table forecast_run drop column weather_spread');
  await knex.schema.dropTable('weather_ensemble');
}
