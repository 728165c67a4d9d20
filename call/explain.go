package call

import (
	"cmp"
	"maps"
	"slices"
)

// faultTexts says in Chinese what the message of each fault says in English.
var faultTexts = map[string]string{
	"not_found":         "找不到该文件。请检查路径或清单中的文件名",
	"invalid":           "请求有误",
	"conflict":          "与现有设置或数据冲突",
	"directory":         "这是文件夹，不是录音文件",
	"not_regular":       "这不是普通文件（管道、套接字或设备）",
	"unreadable":        "无法读取。请检查访问权限和磁盘",
	"empty":             "文件是空的（0 字节）",
	"header_only":       "只有文件头，没有声音数据。录音可能没有写完",
	"bad_header":        "WAV 文件头损坏或不完整",
	"bad_fmt_size":      "WAV 文件头损坏：格式块长度不对",
	"no_channels":       "文件头里的声道数为 0",
	"too_many_channels": "声道多于两个，只支持单声道和双声道录音",
	"bad_rate":          "采样率不在 8 至 48 kHz 之内",
	"bad_block_align":   "文件头自相矛盾：声道数、位数与帧长对不上",
	"unsupported_codec": "不支持这种 WAV 编码。请导出为 PCM、A 律或 μ 律",
	"not_audio":         "不是已知的音频格式",
	"text_file":         "内容是文字，不是音频",
	"playlist":          "这是播放列表，不是录音。列表里的内容不会被读取",
	"ffmpeg_missing":    "这种格式需要 ffmpeg，而本机没有安装",
	"transcode_failed":  "ffmpeg 无法解码该文件，文件可能已损坏",
	"transcode_timeout": "ffmpeg 解码超时",
	"too_large":         "文件超过允许的大小",
	"stopping":          "serve 正在停止",
	"too_long":          "录音超过允许的时长（max_hours）",
	"erased":            "这通电话的数据已按保存期限或应要求删除，不再评分",
	"fetch":             "无法从来源取得录音。请检查来源的地址、密钥和网络",
	"unknown_source":    "这个进程没有配置该录音来源",
	"uploads_off":       "没有配置上传的去处，录音无法读取",
	"gave_up":           "处理多次都没有完成，处理它的进程每次都中断了",
	"too_many_lines":    "清单的行数过多，多出的行未采用",
	"recording_gone":    "录音已不在原处，或已是另一个文件。请在新位置重新评分",
	"bad_manifest":      "清单有误，该行（或整个清单）未采用",
	"bad_sidecar":       "随附的 JSON 文件有误，未采用",
	"bad_value":         "有一项信息无法识别，未采用",
	"duplicate":         "清单中同一录音出现两次而信息不同，该行未采用",
	"cancelled":         "处理被中断，再次运行会接着处理",
	"internal":          "程序内部出错",
}

// FaultCodes returns the codes of all known faults, in order.
func FaultCodes() []string { return slices.Sorted(maps.Keys(faultTexts)) }

// withMessage are the codes that stand for so many things that only the message says which.
var withMessage = []string{"bad_manifest", "bad_sidecar", "bad_value", "conflict", "duplicate", "internal", "invalid"}

// FaultText returns the sentence for people about a fault with that code and message, in Chinese unless
// lang is en. A code without a Chinese sentence shows the message.
func FaultText(lang, code, message string) string {
	text, ok := faultTexts[code]
	switch {
	case lang == "en" || !ok:
		return cmp.Or(message, code)
	case message != "" && slices.Contains(withMessage, code):
		return text + "（" + message + "）"
	}
	return text
}
