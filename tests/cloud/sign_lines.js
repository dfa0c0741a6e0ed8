// sign_lines.js - signs requests, a line of JSON each, by AWS' signer for JavaScript (see sign_json.h).
"use strict";
const fs = require("fs");
const { createRequire } = require("module");
const load = createRequire(process.argv[2] + "/");
const { SignatureV4 } = load("@smithy/signature-v4");
const { Sha256 } = load("@aws-crypto/sha256-js");

async function sign(wanted) {
  const signer = new SignatureV4({
    service: wanted.service,
    region: wanted.region,
    credentials: {
      accessKeyId: wanted.id,
      secretAccessKey: wanted.secret,
      sessionToken: wanted.token || undefined,
    },
    sha256: Sha256,
    uriEscapePath: !wanted.s3,
    applyChecksum: wanted.s3,
  });
  const headers = Object.fromEntries(wanted.headers);
  const request = {
    method: wanted.method,
    protocol: "https:",
    hostname: headers.host,
    path: wanted.path,
    query: Object.fromEntries(wanted.query),
    headers,
    body: wanted.body,
  };
  const when = { signingDate: new Date(wanted.now * 1000) };

  if (!wanted.expires)
    return { authorization: (await signer.sign(request, when)).headers.authorization };
  headers["X-Amz-Content-Sha256"] = "UNSIGNED-PAYLOAD";
  const { query } = await signer.presign(request, {
    ...when,
    expiresIn: wanted.expires,
    unhoistableHeaders: new Set(wanted.headers.map(([name]) => name.toLowerCase())),
  });
  return { signature: query["X-Amz-Signature"], names: query["X-Amz-SignedHeaders"] };
}

(async () => {
  for (const line of fs.readFileSync(0, "utf8").split("\n").filter(Boolean))
    console.log(JSON.stringify(await sign(JSON.parse(line))));
})();
