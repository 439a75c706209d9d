// npm's sdmx-rest against a running hub with the sample data, both API versions; not part of the test suite.
//
//     npm install sdmx-rest        (in a folder of its own)
//     hub demo --no-serve && hub serve &
//     NODE_PATH=FOLDER/node_modules node tests/interop/sdmx_rest.cjs http://127.0.0.1:8000
//
// The package makes addresses and headers and checks the status and the type of the answer; what is in it, this script checks.

const rest = require("sdmx-rest");
const assert = require("assert");

const base = process.argv[2];
const { ApiVersion } = rest.utils;
const { DataFormat } = rest.data;
const { MetadataFormat } = rest.metadata;

async function ask(query, service) {
  const response = await rest.request2(query, service);
  rest.checkStatus(query, response);
  const wanted = query.resource || query.mode ? service.structureFormat : service.format;
  if (!query.context || query.mode) rest.checkMediaType(wanted, response);
  return response.text();
}

// What a client of an older version has in its addresses, the same door answers.
async function older(api) {
  const formats = { format: DataFormat.SDMX_ML_2_1_GENERIC, structureFormat: MetadataFormat.SDMX_ML_2_1_STRUCTURE };
  const service = rest.getService({ url: `${base}/sdmx/v1`, api, ...formats });
  assert.match(await ask(rest.getDataQuery({ flow: "NSO,TRADE,latest", key: "M.X...", lastNObs: 1, detail: "dataonly" }), service), /Obs/);
  for (const references of ["none", "parents", "parentsandsiblings", "children", "descendants", "all", "datastructure"]) {
    const query = rest.getMetadataQuery({ resource: "dataflow", agency: "NSO", id: "TRADE", version: "latest", references });
    assert.match(await ask(query, service), /TRADE/, `${references} of ${api}`);
  }
  for (const detail of ["full", "referencestubs", "allstubs"]) {
    assert.match(await ask(rest.getMetadataQuery({ resource: "codelist", agency: "NSO", detail }), service), /CL_/);
  }
  console.log(`${api}: data, references, details`);
}

async function door(major, api) {
  const url = `${base}/sdmx/v${major}`;
  for (const [format, structureFormat, series] of [
    [DataFormat.SDMX_JSON_1_0_0, MetadataFormat.SDMX_JSON_1_0_0, /"series"/],
    [DataFormat.SDMX_JSON_2_0_0, MetadataFormat.SDMX_JSON_2_0_0, /"series"/],
    [DataFormat.SDMX_ML_2_1_GENERIC, MetadataFormat.SDMX_ML_2_1_STRUCTURE, /<gen:Series/],
    [DataFormat.SDMX_ML_2_1_STRUCTURE_SPECIFIC, MetadataFormat.SDMX_ML_2_1_STRUCTURE, /<Series/],
    [DataFormat.SDMX_ML_3_0_0, MetadataFormat.SDMX_ML_3_0_STRUCTURE, /<Series/],
    [DataFormat.SDMX_CSV_1_0_0, MetadataFormat.SDMX_ML_2_1_STRUCTURE, /NSO:TRADE/],
    [DataFormat.SDMX_CSV_2_0_0, MetadataFormat.SDMX_ML_2_1_STRUCTURE, /NSO:TRADE/],
  ]) {
    const service = rest.getService({ url, api, format, structureFormat });
    const last = { lastNObs: 1 };
    const query =
      major === 1
        ? rest.getDataQuery({ flow: "NSO,TRADE,latest", key: "M.X...", ...last })
        : rest.getDataQuery2({ context: "dataflow=NSO:TRADE(*)", filters: ["FLOW=eq:X", "FREQ=eq:M"], ...last });
    assert.match(await ask(query, service), series, `${format} at v${major}`);
    const flows = rest.getMetadataQuery({ resource: "dataflow", agency: "NSO", references: "none" });
    assert.match(await ask(flows, service), /TRADE/);
    const structure = rest.getMetadataQuery({
      resource: "datastructure", agency: "NSO", id: "TRADE", version: "latest", references: "children",
    });
    assert.match(await ask(structure, service), /CL_/);
    const item = rest.getMetadataQuery({ resource: "codelist", agency: "NSO", id: "CL_PROVINCE", version: "latest", item: "01" });
    assert.match(await ask(item, service), /"01"/);
  }
  const service = rest.getService({ url, api, structureFormat: MetadataFormat.SDMX_ML_2_1_STRUCTURE });
  const there =
    major === 1
      ? rest.getAvailabilityQuery({ flow: "NSO,TRADE", key: "M.X..." })
      : rest.getAvailabilityQuery2({ context: "dataflow=NSO:TRADE(*)", filters: "FLOW=X" });
  assert.match(await ask(there, service), /CubeRegion/);
  const schema = rest.getSchemaQuery({ context: "dataflow", agency: "NSO", id: "TRADE", version: "latest" });
  const answer = await rest.request2(schema, { ...service, schemaFormat: "application/vnd.sdmx.schema+xml;version=2.1" });
  rest.checkStatus(schema, answer);
  assert.match(await answer.text(), /schema/);
  console.log(`v${major}: data in 7 formats, structures, items, availability and schema`);
}

(async () => {
  for (const api of Object.values(ApiVersion).filter((one) => one.startsWith("v1") && one !== ApiVersion.v1_5_0)) {
    await older(api);
  }
  await door(1, ApiVersion.v1_5_0);
  await door(2, ApiVersion.v2_0_0);
  console.log("sdmx-rest works");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
