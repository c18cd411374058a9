package rds

import (
	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/iamrole"
)

// metricsGroup is the log group of enhanced monitoring. It is one for all instances of the account and region, and RDS
// makes it (RDS User Guide, "Viewing OS metrics using CloudWatch Logs").
const metricsGroup = "RDSOSMetrics"

// monitoringTrust limits the service to this one instance. AWS's example prints the principal rds.amazonaws.com, but
// it is monitoring.rds.amazonaws.com that assumes the role (RDS User Guide, "Setting up and enabling Enhanced
// Monitoring").
func monitoringTrust(env awsenv.Env, identifier string) []iampolicy.Condition {
	return []iampolicy.Condition{
		iampolicy.StringEquals("aws:SourceAccount", env.AccountID()),
		iampolicy.ArnEquals("aws:SourceArn", env.ARN("rds", "db:"+identifier)),
	}
}

// monitoringStatements let the service write to its one log group, which it makes when it is the first to use it. AWS's
// managed policy allows the same for each log group whose name begins with RDS, in every account and region.
func monitoringStatements(env awsenv.Env) []iampolicy.Statement {
	group := env.LogGroupARN(metricsGroup)
	return []iampolicy.Statement{
		{
			Sid: "MakeMetricsGroup", Effect: iampolicy.Allow,
			Actions:   []string{"logs:CreateLogGroup", "logs:PutRetentionPolicy"},
			Resources: []string{group, group + ":*"},
		},
		{
			Sid: "WriteMetrics", Effect: iampolicy.Allow,
			Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams",
				"logs:GetLogEvents"},
			Resources: []string{group + ":log-stream:*"},
		},
	}
}

func monitoringRole(p Props) iamrole.Props {
	return iamrole.Props{
		Naming:              p.Naming.Child("monitoring"),
		Names:               p.Names.Monitoring,
		Description:         "Writes the database's operating system metrics to their log group",
		Service:             p.Env.ServicePrincipal("monitoring.rds"),
		TrustConditions:     monitoringTrust(p.Env, p.Names.Identifier),
		Statements:          monitoringStatements(p.Env),
		PermissionsBoundary: p.PermissionsBoundary,
	}
}

// resourceIDPlaceholder stands for the id that AWS gives to the instance, until there is an instance to refer to.
const resourceIDPlaceholder = "db-RESOURCEID"

// connectPolicy lets a workload connect to one instance as one user. An instance is named there by the id that AWS
// gives it, which no later one of the same name has (RDS User Guide, "Creating and using an IAM policy for IAM database
// access").
func connectPolicy(p Props) iamrole.PolicyProps {
	return iamrole.PolicyProps{
		Naming:      p.Naming.Child("connect"),
		Name:        p.Names.ConnectPolicy,
		Description: "Connects to the database as " + p.Users.Connect + ", with IAM credentials",
		Statements: []iampolicy.Statement{{
			Sid: "ConnectAsUser", Effect: iampolicy.Allow,
			Actions:   []string{"rds-db:connect"},
			Resources: []string{p.Env.ARN("rds-db", "dbuser:"+resourceIDPlaceholder+"/"+p.Users.Connect)},
		}},
	}
}
