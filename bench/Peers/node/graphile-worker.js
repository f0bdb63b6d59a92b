import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';

const schema = 'graphile_worker';
const task = 'trivial';

export function graphileWorker(connectionString, options) {
  // The pool that it advises for this many jobs at once.
  const preset = { worker: { connectionString, schema, maxPoolSize: 22, logger: new Logger(() => () => {}), ...options } };
  const pool = new pg.Pool({ connectionString, max: 1 });
  let utils;

  const open = async () => { utils ??= await makeWorkerUtils({ preset }); };
  const release = async () => {
    await utils?.release();
    utils = undefined;
  };

  return {
    async empty() {
      await release();
      await pool.query(`drop schema if exists ${schema} cascade`);
      await open();
      await utils.migrate();
      return connectionString;
    },
    enqueue: payload => utils.addJob(task, payload),
    enqueueMany: payloads => utils.addJobs(payloads.map(payload => ({ identifier: task, payload }))),
    async work(workers, execute) {
      const runner = await run({
        preset: { worker: { ...preset.worker, concurrentJobs: workers } },
        noHandleSignals: true,
        taskList: { [task]: async payload => execute(payload) },
        parsedCronItems: [],
      });
      return () => runner.stop();
    },
    // It deletes what is finished.
    async left() {
      const { rows } = await pool.query(`select count(*)::int as left from ${schema}._private_jobs`);
      return rows[0].left;
    },
    async close() {
      await release();
      await pool.end();
    },
  };
}
