# Zhijian (质检). `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
env := . scripts/env.sh;

.PHONY: help
help: ## 列出所有目标 · list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## 准备依赖 · libwhisper and Go modules
	scripts/setup.sh native go

.PHONY: build
build: setup ## 构建 · build bin/zhijian
	scripts/build.sh

.PHONY: demo
demo: build ## 为演示日评分并生成 demo-report/ · score the demo day, write demo-report/
	scripts/demo.sh

# What these packages do, they do in one goroutine: there is no race to find, and finding none takes up to ten times as
# long. What others share of them, such as a lexicon, is raced by the tests from many goroutines, and by worker and app.
single := audio internal/accuracy internal/scene internal/senses internal/versus lexicon lexicon/sense score
.PHONY: test
test: ## 准备并通过全部测试 · set up and pass all tests
	scripts/setup.sh native go test
	scripts/build.sh
	$(env) go test -race -timeout 20m $$(go list ./... | grep -vE '/zhijian/($(subst $() ,|,$(single)))$$')
	$(env) go test -race -run ManyGoroutines ./lexicon ./score
	$(env) go test -timeout 20m $(addprefix ./,$(single))
	$(env) go build -tags "netgo osusergo nowhisper" ./...

.PHONY: test-long
test-long: setup ## 长时间测试 · soaks and fuzzing for longer
	scripts/setup.sh test
	scripts/build.sh
	$(env) ZHIJIAN_LONG=1 go test -timeout 60m ./...
	scripts/fuzz.sh 60s

.PHONY: test-cluster
test-cluster: ## 多机测试：杀进程、断网、重启数据库 · many machines: kill, cut off, restart, and lose nothing
	scripts/setup.sh native go test
	$(env) scripts/test-cluster.sh

.PHONY: lint
lint: ## 检查代码 · gofumpt, vet, staticcheck, layout, govulncheck
	scripts/setup.sh native go test
	$(env) scripts/lint.sh

.PHONY: accuracy
accuracy: build ## 字错率与评分准确度 · character error rate and findings on the samples and the demo day
	$(env) ZHIJIAN_LONG=1 go test -count=1 -timeout 60m -v -run 'Accuracy|DemoDay|Misheard' ./app/ ./audio/ ./lexicon/ ./score/ ./transcribe/... ./internal/accuracy/

.PHONY: senses
senses: setup ## 重新学习语义模型（改了例句之后）· learn lexicon/sense/model.gz anew, after its sentences changed
	$(env) go run ./internal/senses/run

.PHONY: bench
bench: build ## 基准测试，两核约一个半小时（VERSUS 缩小规模）· benchmarks, whisper-cli beside: an hour and a half on two cores; VERSUS='-calls 4 -best -long 0' takes ten minutes
	scripts/setup.sh peers test
	$(env) go run ./internal/versus/run $(VERSUS)
	$(env) go test -run '^$$' -bench . -benchtime 1x -timeout 60m ./app
	$(env) go test -run '^$$' -bench . -benchmem $$(go list ./... | grep -v -e /app$$ -e /internal/scale$$)

.PHONY: bench-scale
bench-scale: ## 队列与数据库的吞吐 · calls/s of queue and store alone, from 1 to 4 worker processes
	scripts/setup.sh native go test
	$(env) go test -run '^$$' -bench . -benchtime 1x -timeout 30m ./internal/scale

.PHONY: docker-check
docker-check: ## 不用 Docker 检查 Dockerfile（要 root）· run the Dockerfile's steps in a Debian root, start the result
	go run ./internal/dockercheck

.PHONY: demo-calls
demo-calls: ## 重新生成演示录音 · make the demo calls anew from their scripts
	scripts/setup.sh test
	go run ./internal/callgen/gen -out testdata/demo testdata/demo/scripts

.PHONY: demo-model
demo-model: build ## 重新训练演示模型 · train the demo model anew and print its error table
	models/demo/train/run.sh $(MINUTES)

.PHONY: clean
clean: ## 删除构建产物 · remove what was built
	rm -rf bin demo-report demo-data
