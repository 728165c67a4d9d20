// Package deploy holds what operations start from: rules and dashboards for Prometheus, Alertmanager and
// Grafana, the compose file and the manifests for Kubernetes. There is no code but the tests, which hold these
// files to their tools and schemas. It may import nothing of ours.
package deploy
