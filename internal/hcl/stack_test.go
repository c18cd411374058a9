package hcl

// providers describes, as "terraform providers schema -json" does, what the stack below uses.
const providers = `{"format_version": "1.0", "provider_schemas": {
	"terraform.io/builtin/terraform": {"resource_schemas": {"terraform_data": {"block": {
		"attributes": {"input": {"type": "dynamic", "optional": true}}}}}},
	"registry.terraform.io/hashicorp/aws": {
		"provider": {"block": {
			"attributes": {"region": {"type": "string", "optional": true}},
			"block_types": {"assume_role": {"nesting_mode": "list", "block": {"attributes": {
				"role_arn": {"type": "string", "optional": true}}}}}}},
		"resource_schemas": {
			"aws_vpc": {"block": {"attributes": {
				"cidr_block": {"type": "string"}, "tags": {"type": ["map", "string"]}}}},
			"aws_route_table": {"block": {"attributes": {"vpc_id": {"type": "string"},
				"route": {"type": ["set", ["object", {"cidr_block": "string", "gateway_id": "string"}]]}}}},
			"aws_s3_bucket": {"block": {
				"attributes": {"bucket": {"type": "string"}, "description": {"type": "string"}},
				"block_types": {"rule": {"nesting_mode": "list", "block": {
					"attributes": {"id": {"type": "string"}},
					"block_types": {"filter": {"nesting_mode": "list", "block": {
						"attributes": {"prefix": {"type": "string"}}}}}}}}}},
			"aws_sqs_queue": {"block": {"attributes": {"policy": {"type": "string"}, "rules": {"nested_type": {
				"nesting_mode": "list", "attributes": {"a": {"type": "string"}}}}}}}
		},
		"data_source_schemas": {
			"aws_vpc": {"block": {"attributes": {"id": {"type": "string"}}}},
			"aws_region": {"block": {}}
		}}}}`

// written is a stack with one of each thing that Export knows.
const written = `{
	"//": {"metadata": {}},
	"terraform": {"required_version": ">= 1.10",
		"backend": {"s3": {"bucket": "${state}", "assume_role": {"role_arn": "r"}}},
		"required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5.99"}}},
	"provider": {"aws": [{"region": "eu-central-1"},
		{"alias": "west", "region": null, "assume_role": [{"role_arn": "r"}]}]},
	"variable": {"zones": {"type": "list(string)", "default": null, "description": "for ${x}", "validation": [
		{"condition": "${length(var.zones) > 1}", "error_message": "two"}]}},
	"locals": {"one": "${1 + 1}"},
	"output": {"vpc": {"description": "its ${id}", "value": "${aws_vpc.network.id}", "sensitive": true,
		"depends_on": ["aws_vpc.network"]}},
	"moved": [{"from": "aws_vpc.old", "to": "aws_vpc.network"}],
	"removed": [{"from": "aws_vpc.former", "lifecycle": {"destroy": false}}],
	"import": [{"to": "aws_vpc.network", "id": "vpc-1"}],
	"data": {
		"aws_region": {"here": {"//": {"metadata": {"path": "s/here"}}}},
		"aws_vpc": {"peer": {"//": {"metadata": {"path": "s/network/peer"}}, "id": "vpc-2",
			"lifecycle": {"postcondition": [{"condition": "${self.id != \"\"}",
				"error_message": "none in ${data.aws_region.here.name}"}]}}}
	},
	"resource": {
		"aws_vpc": {"network": {"//": {"metadata": {"path": "s/network/Resource"}},
			"provider": "aws.west", "cidr_block": "10.0.0.0/16", "tags": {"Name": "a", "aws:x": "b"},
			"lifecycle": {"prevent_destroy": true,
				"ignore_changes": ["tags[\"Name\"]", "cidr_block"]}}},
		"aws_route_table": {
			"closed": {"//": {"metadata": {"path": "s/network/closed"}}, "vpc_id": "${aws_vpc.network.id}",
				"route": []},
			"open": {"//": {"metadata": {"path": "s/network/open"}}, "for_each": "${toset(var.zones)}",
				"vpc_id": "${aws_vpc.network.id}", "depends_on": ["aws_vpc.network"],
				"route": [{"cidr_block": "0.0.0.0/0", "gateway_id": null}, {"cidr_block": "10.0.0.0/8"}]}},
		"aws_s3_bucket": {"b": {"//": {"metadata": {"path": "s/trail-bucket/Resource"}}, "bucket": "b",
			"description": "Keeps\nall",
			"rule": [{"id": "x", "filter": [{"prefix": ""}]}, {"id": "y", "filter": null}],
			"lifecycle": {"ignore_changes": "all", "replace_triggered_by": ["terraform_data.t"]}}},
		"aws_sqs_queue": {"q": {"//": {"metadata": {"path": "s/a queue"}}, "rules": [{"a": "1"}],
			"policy": "{\"Statement\":[\"${aws_vpc.network.arn}\"]}"}},
		"terraform_data": {"t": {"input": {"a": null}}}
	}
}`

// files are those of the stack.
var files = map[string]string{
	"terraform.tf": `terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.99"
    }
  }

  backend "s3" {
    assume_role = {
      role_arn = "r"
    }
    bucket = "$${state}"
  }
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias = "west"

  assume_role {
    role_arn = "r"
  }
}
`,
	"variables.tf": `variable "zones" {
  default     = null
  description = "for $${x}"
  type        = list(string)

  validation {
    condition     = length(var.zones) > 1
    error_message = "two"
  }
}
`,
	"locals.tf": `locals {
  one = 1 + 1
}
`,
	"outputs.tf": `output "vpc" {
  description = "its $${id}"
  sensitive   = true
  value       = aws_vpc.network.id

  depends_on = [aws_vpc.network]
}
`,
	"moved.tf": `moved {
  from = aws_vpc.old
  to   = aws_vpc.network
}
`,
	"removed.tf": `# What earlier versions of the stack managed: the state forgets it, and AWS keeps it.

removed {
  from = aws_vpc.former

  lifecycle {
    destroy = false
  }
}
`,
	"imports.tf": `import {
  id = "vpc-1"
  to = aws_vpc.network
}
`,
	"data.tf": `# here
data "aws_region" "here" {
}
`,
	"network.tf": `# network/Resource
resource "aws_vpc" "network" {
  provider   = aws.west
  cidr_block = "10.0.0.0/16"
  tags = {
    Name    = "a"
    "aws:x" = "b"
  }

  lifecycle {
    ignore_changes  = [tags["Name"], cidr_block]
    prevent_destroy = true
  }
}

# network/closed
resource "aws_route_table" "closed" {
  route  = []
  vpc_id = aws_vpc.network.id
}

# network/open
resource "aws_route_table" "open" {
  for_each = toset(var.zones)
  vpc_id   = aws_vpc.network.id

  route {
    cidr_block = "0.0.0.0/0"
  }

  route {
    cidr_block = "10.0.0.0/8"
  }

  depends_on = [aws_vpc.network]
}

# network/peer
data "aws_vpc" "peer" {
  id = "vpc-2"

  lifecycle {
    postcondition {
      condition     = self.id != ""
      error_message = "none in ${data.aws_region.here.name}"
    }
  }
}
`,
	"s3.tf": `# trail-bucket/Resource
# Keeps all
resource "aws_s3_bucket" "b" {
  bucket      = "b"
  description = "Keeps\nall"

  rule {
    id = "x"

    filter {
      prefix = ""
    }
  }

  rule {
    id = "y"
  }

  lifecycle {
    ignore_changes       = all
    replace_triggered_by = [terraform_data.t]
  }
}
`,
	"a-queue.tf": `# a queue
resource "aws_sqs_queue" "q" {
  policy = jsonencode({
    Statement = [aws_vpc.network.arn]
  })
  rules = [
    {
      a = "1"
    },
  ]
}
`,
	"main.tf": `resource "terraform_data" "t" {
  input = {
    a = null
  }
}
`,
}
