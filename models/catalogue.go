package models

import (
	"slices"
	"strings"
)

// Kind is what a model is for.
type Kind string

// The kinds of models.
const (
	KindSpeech Kind = "speech" // recognises speech
	KindVAD    Kind = "vad"    // finds speech
)

// Where models are pulled from, and a mirror of it for networks that cannot reach it. The setting for
// the mirror takes any address that serves the same paths.
const (
	DefaultAddress = "https://huggingface.co"
	MirrorAddress  = "https://hf-mirror.com"
)

// Entry is a published model.
type Entry struct {
	Name       string // as the setting for the model names it
	Kind       Kind
	File       string // in the models folder
	Bytes      int64  // 0: not published
	SHA256     string // "": not published
	Licence    string
	Repository string // at the address
	Revision   string
	Remote     string // the file in the repository
	Note       string // what it is good for
}

// URL returns where the file is under an address.
func (e Entry) URL(address string) string {
	return strings.TrimRight(address, "/") + "/" + e.Repository + "/resolve/" + e.Revision + "/" + e.Remote
}

// The repositories of the catalogue and the revisions that the sizes and hashes belong to.
const (
	whisperRepository = "ggerganov/whisper.cpp"
	whisperRevision   = "5359861c739e955e79d9a303bcbc70fb988958b1"
	vadRepository     = "ggml-org/whisper-vad"
	vadRevision       = "9ffd54a1e1ee413ddf265af9913beaf518d1639b"
)

// catalogue is every model that can be pulled by name. Sizes and hashes are those of the files in the
// repositories' own store; where one is not published it is left out.
var catalogue = []Entry{
	whisper("tiny", 77691713, "be07e048e1e599ad46341c8d2a135645097a538221678b7acdd1b1919c6e1b21",
		"fast trials; too weak for scoring"),
	whisper("base", 147951465, "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe",
		"trials on weak machines"),
	whisper("small", 487601967, "1be3a9b2063867b937e64e2ec7483364a79917e157fa98c5d94b5c1fffea987b",
		"the least for Mandarin calls"),
	whisper("large-v3-turbo", 1624555275, "1fc70f774d38eb169993ac391eea357ef47c88757ef72ee5943879b7e8e2bc69",
		"general, many languages"),
	whisper("large-v3-turbo-q5_0", 574041195, "394221709cd5ad1f40c46e6031ca61bce88931e6e088c188294c6d5a55ffa7e2",
		"the same in a third of the memory"),
	{
		Name: "belle-large-v3-turbo-zh", Kind: KindSpeech, File: "ggml-belle-large-v3-turbo-zh.bin",
		SHA256:  "2a3bba5bfdb4d4da3d9949a83b405711727ca1941d4d5810895e077eb3cb4d99",
		Licence: "Apache-2.0", Repository: "BELLE-2/Belle-whisper-large-v3-turbo-zh-ggml", Revision: "main",
		Remote: "ggml-model.bin", Note: "tuned on Mandarin: the first choice for Mandarin telephone calls",
	},
	vad("silero-v5.1.2", "29940d98d42b91fbd05ce489f3ecf7c72f0a42f027e4875919a28fb4c04ea2cf"),
	vad("silero-v6.2.0", "2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987"),
}

func whisper(name string, bytes int64, sha256, note string) Entry {
	file := "ggml-" + name + ".bin"
	return Entry{
		Name: name, Kind: KindSpeech, File: file, Bytes: bytes, SHA256: sha256, Licence: "MIT",
		Repository: whisperRepository, Revision: whisperRevision, Remote: file, Note: note,
	}
}

func vad(name, sha256 string) Entry {
	file := "ggml-" + name + ".bin"
	return Entry{
		Name: name, Kind: KindVAD, File: file, Bytes: 885098, SHA256: sha256, Licence: "MIT",
		Repository: vadRepository, Revision: vadRevision, Remote: file, Note: "voice activity detection",
	}
}

// Catalogue returns the published models.
func Catalogue() []Entry { return slices.Clone(catalogue) }

// find returns the entry of a name.
func find(name string) (Entry, bool) {
	i := slices.IndexFunc(catalogue, func(e Entry) bool { return e.Name == name })
	if i < 0 {
		return Entry{}, false
	}
	return catalogue[i], true
}

// findFile returns the entry of a file in the models folder.
func findFile(file string) (Entry, bool) {
	i := slices.IndexFunc(catalogue, func(e Entry) bool { return e.File == file })
	if i < 0 {
		return Entry{}, false
	}
	return catalogue[i], true
}

// findHash returns the entry with the given SHA-256.
func findHash(sha256 string) (Entry, bool) {
	i := slices.IndexFunc(catalogue, func(e Entry) bool { return e.SHA256 != "" && e.SHA256 == sha256 })
	if i < 0 {
		return Entry{}, false
	}
	return catalogue[i], true
}
