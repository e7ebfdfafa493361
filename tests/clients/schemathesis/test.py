"""Every operation of /api/v1 by Schemathesis, a property-based tool that knows nothing of Avow but its OpenAPI description: whatever it
sends, the answer is no 5xx and has a content type that was described. EXAMPLES says how many requests for each operation."""

import os
import subprocess
import sys

url = os.environ["REGISTRY_URL"] + "/api/v1/openapi.json"
tool = os.path.join(os.path.dirname(sys.executable), "schemathesis")
code = subprocess.call(
    [
        tool, "run", url,
        "--checks", "not_a_server_error,content_type_conformance",
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", os.environ.get("EXAMPLES", "15"),
        "--seed", "1",
        "--suppress-health-check", "all",
        "--warnings", "off",
        "--no-color",
    ]
)
sys.exit(code)
