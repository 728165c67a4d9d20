#!/bin/sh
# Scores the demo day and writes demo-report/. Expects bin/zhijian to be built.
set -eu
cd "$(dirname "$0")/.."
rm -rf demo-data demo-report
failed=0
bin/zhijian score testdata/demo/manifest.csv --data-dir demo-data || failed=$?
bin/zhijian report --data-dir demo-data --clips --out demo-report
echo
echo "报告 · report:    demo-report/report.html  demo-report/report.xlsx"
echo "一通电话 · a call: bin/zhijian explain CALL --data-dir demo-data"
exit $failed
