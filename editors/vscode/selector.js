// The documents that the server is told of. By language where an extension names one, and by file name, because without
// such an extension a `.tf` file is plain text to the editor.
"use strict";

const languages = ["terraform", "terraform-vars", "opentofu", "hcl", "terragrunt", "yaml", "dockerfile", "shellscript", "markdown"];
const names = ["**/*.tf", "**/*.tofu", "**/*.tf.json", "**/*.tofu.json", "**/*.hcl.json", "**/*.tfvars", "**/*.tfvars.json", "**/*.hcl", "**/*.tpl", "**/*.tftpl"];

module.exports = {
  selector: [
    ...languages.map((language) => ({ scheme: "file", language })),
    ...names.map((pattern) => ({ scheme: "file", pattern })),
  ],
};
