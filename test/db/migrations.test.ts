/**
 * The schema goes forward only: databases hold what a migration made, so none is ever changed. What has to be otherwise is a
 * migration of its own. A new one gets a line here.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { createPostgresBuilder, postgresSchema } from '../../src/db/engine/postgres/dialect.ts';
import { createSqliteBuilder, sqliteSchema } from '../../src/db/engine/sqlite/dialect.ts';
import { migrations } from '../../src/db/migrations/index.ts';

/** SHA-256 of the statements of each, as the engine gets them. */
const frozen = {
  sqlite: {
    '0001-schema': '8b5b8d0f2d0d1a92d9be238d25e34c2bb08d173e137a095f1b1a2de813b377b4',
    '0003-questions': '53d3f52fafa79afd945222012394e6a89ce3911e57eb6c89935f4112cdb1e91b',
    '0004-doors': 'cedd30124eb1b59322e1c6abc2949b1151e0076d58c1346abaee4b1ee68e5e56',
    '0005-watching': '8a4d91577964c65dc353ecc07219f40f20204a4dd48e03285ffc31c694801ff3',
    '0008-listings': 'f548f9fad646f7bd0642b4125d5db0adfeaa41309d812e2328f8a3b039f870fe',
    '0010-refunds': 'b7eeec1b00b1f1f318b84cae624ee729e6d353a43919014978b42b6883039085',
    '0011-upstreams': 'd5468b7b6003e3f177e6e9b4e18de539e1784d1c9c6f175fb3edf08d4d3c3d74',
    '0012-shared-orders': '8c07c4308d7bceeaf74cf55ee7fc039be3c912f3cff16544f584ff0a4704b2b4',
    '0013-vendors': '962f17a9089cb8ee29da9a1e5b2eb3ed7dad7814d438aa35de3749c1c1576f1c',
    '0014-vendor-addresses': '4719d025f4d2c5d41c7c43ace5252b1b63d4d37bc43cc0c76974f6e8a1d08cd4',
    '0015-sessions': '3cbdb142cf69ab038070df95ed608b75e2a3c8bc95404fb100dc9b5419b6236c',
    '0016-lists': '6680ab7ed3cbbc39655f92708ca61d0c7b1871d81d96f0b3068d5b23fd7e3553',
    '0017-statistics': 'a002e1bace8756e1e020d3514764fbea1af2213c6eb6284b8d259ff13e93de65',
    '0018-order-shares': '28a8f1c4b743abf7ced2cbe7266a11a21c5a1ca582fc94b7422a78b729bc9a79',
    '0019-made-keys': '2d182b82b4bd860df3d8702f48ba2092155598c155de6e85cb1e582af9d5e7e1',
    '0020-answered-requests': '9e45112372c6f46d0a727d71a18d33c5b15a5fb966d57e5e30a8f8c5666339ad',
    '0021-uses': 'c7ed4798bb067bae2208ecb490173ec68f13837352ef794cbf29b45e178c7f7b',
    '0023-caa-checks': 'e2d83adcc8e5aba35f6c09d32f5a5fcfa6ea8a2d8c45b6831887f4c3faaccd6c',
    '0024-replays': '12a0b43992139cf0c10d11c3409ffe561fb55f0b9bf2d48c4e4b7648edc377dd',
    '0025-authorities': '81f6a7bc9a07e0b2a536c089f78bed2f0ee780b8fd4c5a90cc3571f01a2c5e95',
    '0027-registrations': 'bc478789aece1edd6bb6d0aafbdf0f22cd17faaac65bdc362e525f78f303b9c1',
    '0030-rollover': 'd1d8ec26000abb4d0a9b1b88835d61977fe7f4482a9f2008bda132d518211cfd',
    '0032-imported-serials': '7b1d59ff834a31d033a642d4c3f7c9a7011adcdd0d28c28124e1c4f82f6be437',
    '0034-low-balances': 'a19bd837a304e4963219ff60f9222d4810305863ad1bbfc02700a413c02df18e',
    '0035-event-origins': '09fe96961bdc4bd798763c160b019f4289b43b30b0316b8e990686826f83dc1f',
    '0036-unlisted': 'f2931c63745f9f775f6afda1e76c2f7499db600ca7e14ddb25490a63defa5f56',
  },
  postgres: {
    '0001-schema': 'ed9915eaf69e31bd68cce3bc1243c11c28d0b3cbc32259e5a4cc73dac99aa1d5',
    '0003-questions': '8fbbcdf9212df02b8c597ff6128db9b3c5efcbb31893c58098a5441ce2fb1726',
    '0004-doors': 'cfb074453499c9c638811fd76ba378e822fafd072f96eab300fcedbeac8a5825',
    '0005-watching': 'cb6d7c3561a56a052ace227aca6c9409359c2cba1564633bde8dfa752b47bfad',
    '0008-listings': '833f4ee02f109615eaaa02842d8546aa0c5715efc9b2fdb0ada89c10006f03f1',
    '0010-refunds': 'c7e343b462bdde347d77dca34b2b3256321f163b43309cb94e99f4ec94f9dac8',
    '0011-upstreams': '0aeef1ae3890d328e130ed50733237bc0de8eddc31ee6989c1064d6ef9459792',
    '0012-shared-orders': 'e9418f36d34c5ff417516a4cfc3fda587e5928e899d8bd8eb5387cadc3ac70e5',
    '0013-vendors': '3b69e0f78eadef1750c539be89808f40b074cc174a9c006df821da4c65b46935',
    '0014-vendor-addresses': '1657b9f9e0f1338bcf6fcd6a897cdd050c205200e281294fa0065783faf638bd',
    '0015-sessions': '4088b30560063da145a0b18c49771cf8b95d6973fdd9233669ad59b84149aaaf',
    '0016-lists': 'faa64645c5ab1452bb30a82792f7f908b676cb79f857a340000704f70ba63eae',
    '0017-statistics': '7d5bac5276ac4d6d0b72719b94ef5283d2db0ba474883322f3766de35f15fe7f',
    '0018-order-shares': '1e87afd4142935183ba16ceb8cf7156e272994bd0db49a4bcac9c005f903fb76',
    '0019-made-keys': '7f15bfdd29c0cc366a7b239d2ec0913e13a10c96ff4e5724acd759aad86a5cc6',
    '0020-answered-requests': 'fa0ff76c0d8893f2af2cb2796846f197123db83660287ed48de406262494ce0b',
    '0021-uses': 'f228e593a0c6bb8e3f7dc4ea09056d33a10fbf9075d4320b34574880543a22ce',
    '0023-caa-checks': '6d3a95e06d8ba78cc7ee8bdd81a26e3fd57a9bcf9236193b2af4c1f05b5b76ba',
    '0024-replays': '1f7ac2a9b2f554405c878a58cf2ae09a0840a50a84b61114f52959d1caaf5f58',
    '0025-authorities': '389d661e69f5cafcf3c2c863030253ec3a6948a28581f8fa87e480984d83a685',
    '0027-registrations': 'f116066a6f655ac8ff75a575d9be94c1915e048eca0b6c73299d5801e88ae6ec',
    '0030-rollover': '449618fd17ac582bf4063af94a55c3f08e047681f49bf91157fcb2fa95d0bb64',
    '0032-imported-serials': 'e94375c5e317457c60c00fa554542e6f8503f6b81fa660cc73aa10cd02b36c39',
    '0034-low-balances': '2f6ab5105e6a72c7b465fc7ce5e640d41906e531b77920a789a78460cf837ccc',
    '0035-event-origins': '6b360e57e6d189bcd45966fb19d2e5cf01bd4944a8d5103a8ec81c194006bf6d',
    '0036-unlisted': '2def0d2f0b24b29c2bb0bf7477116e01baf9fa9eb770dda1f831daee7346e721',
  },
};

function hashes(db: ReturnType<typeof createSqliteBuilder>, dialect: typeof sqliteSchema) {
  const hashed = migrations.map(({ name, up }) => {
    const hash = createHash('sha256');
    for (const query of up(db, dialect)) {
      const { sql, parameters } = query.compile();
      hash.update(JSON.stringify([sql, parameters]));
    }
    return [name, hash.digest('hex')];
  });
  return Object.fromEntries(hashed);
}

describe('migrations', () => {
  it('never change on the embedded engine', () => {
    assert.deepEqual(hashes(createSqliteBuilder(), sqliteSchema), frozen.sqlite);
  });

  it('never change on PostgreSQL', () => {
    assert.deepEqual(hashes(createPostgresBuilder(), postgresSchema), frozen.postgres);
  });

  it('are in the order of their numbers', () => {
    const numbers = migrations.map(({ name }) => /^(\d{4})-[a-z][a-z-]*$/.exec(name)?.[1]);
    assert.deepEqual(numbers, [...numbers].toSorted());
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok(!numbers.includes(undefined));
  });
});
