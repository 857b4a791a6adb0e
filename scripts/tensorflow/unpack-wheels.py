"""unpack-wheels.py WHEELS DEPS: what the addon of tfjs-node needs out of TensorFlow's wheels.

DEPS/lib and DEPS/include, and DEPS/nvidia, which is where the library looks for CUDA ($ORIGIN/../nvidia).
"""

import os
import re
import shutil
import sys
import zipfile

WANTED = [
    (re.compile(r"tensorflow/(libtensorflow_(?:cc|framework)\.so\.2)$"), "lib/"),
    (re.compile(r"tensorflow/include/((?:tensorflow|tsl)/.*\.h)$"), "include/"),
    (re.compile(r"(nvidia/[^/]+/lib/[^/]+)$"), ""),
]

wheels, deps = sys.argv[1:]
for wheel in os.listdir(wheels):
    with zipfile.ZipFile(os.path.join(wheels, wheel)) as archive:
        for name in archive.namelist():
            for pattern, folder in WANTED:
                match = pattern.match(name)
                if not match:
                    continue
                path = os.path.join(deps, folder + match.group(1))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with archive.open(name) as source, open(path, "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
