// Operational loads come at once, those that bills are settled by weeks later: they are told apart, and an operational
// one never replaces a settled one. What a series is of, net or gross load, its owner may say.

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.raw(
    `alter table load_observation add column settlement integer not null default 0
      check (settlement in (0, 1))`,
  );
  await knex.raw(
    `alter table series add column load_kind text check (load_kind in ('net', 'gross'))`,
  );
}

export async function down() {
  throw new Error('Which loads are settled cannot be told again; restore a backup instead.');
}
