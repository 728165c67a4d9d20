package config

import (
	"cmp"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"
)

// Config holds every setting. The tags give its key, its default and its one-line description,
// Chinese first. Its zero value is not meant for use: see Default.
type Config struct {
	Config   string   `key:"config" usage:"配置文件 · configuration file"`
	DataDir  string   `key:"data_dir" usage:"数据目录 · data folder (default: $XDG_DATA_HOME/zhijian)"`
	Store    string   `key:"store" usage:"结果数据库：空为数据目录中的 SQLite，或 postgres://… · database of results: empty for SQLite in the data folder, or postgres://…"`
	Keep     []string `key:"keep" usage:"保存期限，如 3y, complaint: 5y, pass: 1y · how long calls are kept"`
	Lang     string   `key:"lang" default:"zh" usage:"界面语言 zh 或 en · language of texts"`
	LogLevel string   `key:"log_level" default:"warn" usage:"日志级别 debug, info, warn, error · log level"`
	JSON     bool     `key:"json" usage:"输出 JSON · print JSON for programs"`
	Unmasked bool     `key:"unmasked" usage:"显示个人信息（会被记录） · show personal data (this is logged)"`

	Workers int `key:"workers" default:"0" usage:"识别器数，也是并行通话数，0 为核数 · recognisers, and calls at once; 0 for the number of cores"`
	Threads int `key:"threads" default:"1" usage:"每路识别线程 · threads of each recogniser"`

	Model       string   `key:"model" usage:"语音模型名称或路径，空为演示模型 · speech model by name or path, empty for the demo model"`
	Weights     string   `key:"weights" default:"q8_0" usage:"q8_0：载入时把 16 位模型压成 8 位，省时省内存；as_is：原样 · q8_0: pack a model of 16 bits into 8 as it is loaded, which saves time and memory; as_is: leave it"`
	ModelsDir   string   `key:"models_dir" usage:"模型目录 · folder of models (default: data_dir/models)"`
	ModelMirror string   `key:"model_mirror" usage:"模型下载镜像 · mirror to pull models from"`
	VAD         string   `key:"vad" usage:"语音检测模型名称或路径（Silero），空为内置 · voice activity model by name or path, empty for the built-in detector"`
	Language    string   `key:"language" default:"zh" usage:"通话语言；auto 自动判断，不是中文的通话不评分 · language of the calls; auto finds it, and calls that are not in Chinese are not scored"`
	FullContext bool     `key:"full_context" default:"false" usage:"每个窗口都算满 30 秒，较慢；若换用的模型听错更多可试 · compute 30 s for every window: slower; try it if another model mishears more"`
	Beam        int      `key:"beam" default:"1" usage:"束搜索宽度，1 为贪心 · beam size, 1 is greedy"`
	Fallback    float64  `key:"temperature_step" default:"0.2" usage:"识别失败时的升温步长 · temperature step of the fallback, 0 for none"`
	HotWords    []string `key:"hot_words" usage:"热词：人名、产品名（不要写规则要找的话） · names and products that the recogniser should expect, never phrases that rules look for"`
	Punctuation bool     `key:"punctuation" default:"true" usage:"文本带标点（规则不依赖标点） · punctuation in the text; no rule needs it"`
	Patience    float64  `key:"window_patience" default:"20" usage:"一个识别窗口的时限，以 30 秒的倍数计，超时重试一次后放弃 · time limit of a window in times 30 s; tried once more, then given up"`

	Scorecard    string   `key:"scorecard" default:"power-service" usage:"评分卡名称或文件 · scorecard by name or file"`
	Lexicons     []string `key:"lexicons" usage:"附加词库文件 · further lexicon files"`
	AgentChannel int      `key:"agent_channel" default:"0" usage:"坐席所在声道 · channel of the agent"`
	FixSwapped   bool     `key:"fix_swapped" usage:"按话术更正接反的声道 · put swapped channels right by the words"`
	FilePatterns []string `key:"file_patterns" usage:"文件名规则（命名组的正则） · regular expressions with named groups for file names"`
	TimeZone     string   `key:"time_zone" default:"Asia/Shanghai" usage:"时区 · time zone of times without one"`

	Sources   []Source      `key:"sources" usage:"录音来源：文件夹或对象存储桶 · where recordings come from: folders or buckets"`
	ScanEvery time.Duration `key:"scan_every" default:"30s" usage:"多久查看一次录音来源 · how often sources are looked at"`
	MaxFileMB int           `key:"max_file_mb" default:"2048" usage:"单个录音文件的最大 MB 数 · largest recording file, in MB"`

	MaxHours      float64       `key:"max_hours" default:"6" usage:"单个录音的最长小时数，更长的不评 · longest recording taken, in hours"`
	DecodeTimeout time.Duration `key:"decode_timeout" default:"10m" usage:"外部解码时限 · time limit of ffmpeg on one file"`

	Limits
	Service
	Security
	Alerts

	Watch  bool `key:"watch" usage:"保存后再次检查 · check again when a file is saved"`
	DryRun bool `key:"dry_run" usage:"试算，不保存 · show what would change and save nothing"`
	Diff   bool `key:"diff" default:"true" usage:"按规则、坐席、通话列出变化 · show the difference by rule, agent and call"`

	Since    string  `key:"since" usage:"起始日期 · first day, as in 2026-11-20"`
	Until    string  `key:"until" usage:"截止日期（含） · last day, inclusive"`
	By       string  `key:"by" default:"agent" usage:"按 agent, team, day, week, rule 分组 · group by"`
	Out      string  `key:"out" usage:"输出位置 · where to write"`
	MinCalls int     `key:"min_calls" default:"3" usage:"参加排名的最少通话数 · calls an agent needs to be ranked"`
	Clips    bool    `key:"clips" usage:"在报告中嵌入录音片段 · embed audio clips in the report"`
	Rule     string  `key:"rule" usage:"只要这条规则 · this rule only"`
	Note     string  `key:"note" usage:"裁定或删除的说明 · why it was decided or deleted"`
	Appeal   bool    `key:"appeal" usage:"这是对申诉的裁定 · the decision answers an appeal"`
	Reviewer string  `key:"reviewer" usage:"裁定人或删除人，空为登录账号 · who decides or deletes, empty for the account"`
	Margin   float64 `key:"margin" default:"1" usage:"片段前后各留的秒数 · seconds kept on both sides of a clip"`
	Format   string  `key:"format" default:"text" usage:"text, srt 或 json · output format"`
	Customer string  `key:"customer" usage:"客户号码，- 为从标准输入读取 · number of a customer, - reads it from standard input"`
	Force    bool    `key:"force" usage:"替换已有的文件 · replace a file that is there"`
	Template bool    `key:"template" usage:"打印通话的标注模板 · print labels to start from"`
	CSV      bool    `key:"csv" usage:"模板为 CSV · the template as CSV"`
	All      bool    `key:"all" usage:"全部 · all of them"`
	Trust    bool    `key:"trust" usage:"信任没有公布校验值的文件 · trust a file without a published hash"`

	given map[string]bool // by key: set by the file, the environment or a flag
}

// Default returns the settings before any file, variable or flag.
func Default() Config {
	var c Config
	for _, f := range fields(&c) {
		if f.def != "" {
			if err := f.set(f.def); err != nil {
				panic("config: default of " + f.key + ": " + err.Error())
			}
		}
	}
	return c
}

// withPaths fills in the folders that depend on others.
func (c Config) withPaths() Config {
	c.DataDir = cmp.Or(c.DataDir, defaultDataDir())
	c.ModelsDir = cmp.Or(c.ModelsDir, filepath.Join(c.DataDir, "models"))
	return c
}

func defaultDataDir() string {
	if base := os.Getenv("XDG_DATA_HOME"); base != "" {
		return filepath.Join(base, "zhijian")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "zhijian-data"
	}
	return filepath.Join(home, ".local", "share", "zhijian")
}

// field is one setting of a Config.
type field struct {
	key, def, usage string
	value           reflect.Value
}

func fields(c *Config) []field {
	return fieldsOf(reflect.ValueOf(c).Elem())
}

// fieldsOf lists the settings of a structure and of those that it embeds.
func fieldsOf(structure reflect.Value) []field {
	var list []field
	for i := range structure.NumField() {
		kind, value := structure.Type().Field(i), structure.Field(i)
		if kind.Anonymous {
			list = append(list, fieldsOf(value)...)
			continue
		}
		if kind.Tag.Get("key") == "" { // not a setting
			continue
		}
		list = append(list, field{key: kind.Tag.Get("key"), def: kind.Tag.Get("default"), usage: kind.Tag.Get("usage"), value: value})
	}
	return list
}

func (f field) flag() string { return strings.ReplaceAll(f.key, "_", "-") }

func (f field) variable() string { return "ZHIJIAN_" + strings.ToUpper(f.key) }

// Keys returns the names of all settings, as in the file.
func Keys() []string {
	var c Config
	var keys []string
	for _, f := range fields(&c) {
		keys = append(keys, f.key)
	}
	return keys
}
