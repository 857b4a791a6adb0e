// Course of a forecast within its hours, where it is of half or quarter hours: JSON of the numbers.

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.raw(
    `create table forecast_within (
      forecast_id text primary key references forecast_run (id),
      minutes integer not null check (minutes in (15, 30)),
      deviation_mw text not null,
      widening text not null
    )`,
  );
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTable('forecast_within');
}
