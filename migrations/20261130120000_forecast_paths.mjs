// Which values of a forecast's hours belong together: the ranks of its paths, one byte each, row by row of hours.

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.raw(
    `create table forecast_path (
      forecast_id text primary key references forecast_run (id),
      ranks blob not null
    )`,
  );
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTable('forecast_path');
}
