// Written by list.sh: run it after a file was added to samples/ or themes/, renamed or removed there.
#include "cshipped.h"

// #embed is C23; clang offers it in C11 too, and writes the files into its dependency list.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file0[] = {
#embed "../../samples/falcon-7b-8xl4.yaml"
};
static const unsigned char file1[] = {
#embed "../../samples/gpt-1.3b-2xl4.yaml"
};
static const unsigned char file2[] = {
#embed "../../samples/gpt-22b-32xa100-40.yaml"
};
static const unsigned char file3[] = {
#embed "../../samples/gpt-22b-32xl4.plan.yaml"
};
static const unsigned char file4[] = {
#embed "../../samples/gpt-22b-32xl4.yaml"
};
static const unsigned char file5[] = {
#embed "../../samples/gpt-7b-8xa100-40.yaml"
};
static const unsigned char file6[] = {
#embed "../../samples/gpt-7b-8xl4.yaml"
};
static const unsigned char file7[] = {
#embed "../../samples/hardware/gpus.yaml"
};
static const unsigned char file8[] = {
#embed "../../samples/hardware/interference.yaml"
};
static const unsigned char file9[] = {
#embed "../../samples/hardware/nodes.yaml"
};
static const unsigned char file10[] = {
#embed "../../samples/llama-13b-16xa100-40.plan.yaml"
};
static const unsigned char file11[] = {
#embed "../../samples/llama-13b-16xa100-40.yaml"
};
static const unsigned char file12[] = {
#embed "../../samples/llama-3-8b-8xa100-80-fsdp.yaml"
};
static const unsigned char file13[] = {
#embed "../../samples/llama-70b-512xh100.yaml"
};
static const unsigned char file14[] = {
#embed "../../samples/llama-7b-8xl4.yaml"
};
static const unsigned char file15[] = {
#embed "../../samples/measured/aceso-in-mist-a100.jsonl"
};
static const unsigned char file16[] = {
#embed "../../samples/measured/aceso-in-mist-l4.jsonl"
};
static const unsigned char file17[] = {
#embed "../../samples/measured/bigscience-bloom-prequel.jsonl"
};
static const unsigned char file18[] = {
#embed "../../samples/measured/bigscience-v100-logs.jsonl"
};
static const unsigned char file19[] = {
#embed "../../samples/measured/bigscience-v100.jsonl"
};
static const unsigned char file20[] = {
#embed "../../samples/measured/korthikanti-2022-fig1-memory.jsonl"
};
static const unsigned char file21[] = {
#embed "../../samples/measured/llm-foundry-2023-06.jsonl"
};
static const unsigned char file22[] = {
#embed "../../samples/measured/llm-foundry.jsonl"
};
static const unsigned char file23[] = {
#embed "../../samples/measured/megatron-readme-h100-2024.jsonl"
};
static const unsigned char file24[] = {
#embed "../../samples/measured/mist-artifact-l4.jsonl"
};
static const unsigned char file25[] = {
#embed "../../samples/measured/narayanan-sc21-table1.jsonl"
};
static const unsigned char file26[] = {
#embed "../../samples/measured/nemo-24.07-aug2024.jsonl"
};
static const unsigned char file27[] = {
#embed "../../samples/measured/reasons.yaml"
};
static const unsigned char file28[] = {
#embed "../../samples/measured/records.csv"
};
static const unsigned char file29[] = {
#embed "../../samples/measured/sources.yaml"
};
static const unsigned char file30[] = {
#embed "../../samples/measured/speedups.yaml"
};
static const unsigned char file31[] = {
#embed "../../samples/measured/torchtitan-2024-12.jsonl"
};
static const unsigned char file32[] = {
#embed "../../samples/measured/torchtitan-2024-performance-md.jsonl"
};
static const unsigned char file33[] = {
#embed "../../samples/measured/vtrain-multi.jsonl"
};
static const unsigned char file34[] = {
#embed "../../samples/measured/vtrain-single.jsonl"
};
static const unsigned char file35[] = {
#embed "../../samples/models/current.yaml"
};
static const unsigned char file36[] = {
#embed "../../samples/models/paper.yaml"
};
static const unsigned char file37[] = {
#embed "../../samples/profiler/profiler.py"
};
static const unsigned char file38[] = {
#embed "../../samples/qwen-2.5-7b-8xl4-deepspeed.yaml"
};
static const unsigned char file39[] = {
#embed "../../samples/runtimes/deepspeed.yaml"
};
static const unsigned char file40[] = {
#embed "../../samples/runtimes/fsdp.yaml"
};
static const unsigned char file41[] = {
#embed "../../samples/runtimes/megatron.yaml"
};
static const unsigned char file42[] = {
#embed "../../samples/runtimes/mist.yaml"
};
static const unsigned char file43[] = {
#embed "../../samples/runtimes/torchtitan.yaml"
};
static const unsigned char file44[] = {
#embed "../../samples/spaces/launchers.yaml"
};
static const unsigned char file45[] = {
#embed "../../samples/spaces/paper.yaml"
};
static const unsigned char file46[] = {
#embed "../../themes/contrast.yaml"
};
static const unsigned char file47[] = {
#embed "../../themes/dark.yaml"
};
static const unsigned char file48[] = {
#embed "../../themes/light.yaml"
};
static const unsigned char file49[] = {
#embed "../../themes/mono.yaml"
};

static const brume_shipped_file files[] = {
    {"samples/falcon-7b-8xl4.yaml", file0, sizeof file0},
    {"samples/gpt-1.3b-2xl4.yaml", file1, sizeof file1},
    {"samples/gpt-22b-32xa100-40.yaml", file2, sizeof file2},
    {"samples/gpt-22b-32xl4.plan.yaml", file3, sizeof file3},
    {"samples/gpt-22b-32xl4.yaml", file4, sizeof file4},
    {"samples/gpt-7b-8xa100-40.yaml", file5, sizeof file5},
    {"samples/gpt-7b-8xl4.yaml", file6, sizeof file6},
    {"samples/hardware/gpus.yaml", file7, sizeof file7},
    {"samples/hardware/interference.yaml", file8, sizeof file8},
    {"samples/hardware/nodes.yaml", file9, sizeof file9},
    {"samples/llama-13b-16xa100-40.plan.yaml", file10, sizeof file10},
    {"samples/llama-13b-16xa100-40.yaml", file11, sizeof file11},
    {"samples/llama-3-8b-8xa100-80-fsdp.yaml", file12, sizeof file12},
    {"samples/llama-70b-512xh100.yaml", file13, sizeof file13},
    {"samples/llama-7b-8xl4.yaml", file14, sizeof file14},
    {"samples/measured/aceso-in-mist-a100.jsonl", file15, sizeof file15},
    {"samples/measured/aceso-in-mist-l4.jsonl", file16, sizeof file16},
    {"samples/measured/bigscience-bloom-prequel.jsonl", file17, sizeof file17},
    {"samples/measured/bigscience-v100-logs.jsonl", file18, sizeof file18},
    {"samples/measured/bigscience-v100.jsonl", file19, sizeof file19},
    {"samples/measured/korthikanti-2022-fig1-memory.jsonl", file20, sizeof file20},
    {"samples/measured/llm-foundry-2023-06.jsonl", file21, sizeof file21},
    {"samples/measured/llm-foundry.jsonl", file22, sizeof file22},
    {"samples/measured/megatron-readme-h100-2024.jsonl", file23, sizeof file23},
    {"samples/measured/mist-artifact-l4.jsonl", file24, sizeof file24},
    {"samples/measured/narayanan-sc21-table1.jsonl", file25, sizeof file25},
    {"samples/measured/nemo-24.07-aug2024.jsonl", file26, sizeof file26},
    {"samples/measured/reasons.yaml", file27, sizeof file27},
    {"samples/measured/records.csv", file28, sizeof file28},
    {"samples/measured/sources.yaml", file29, sizeof file29},
    {"samples/measured/speedups.yaml", file30, sizeof file30},
    {"samples/measured/torchtitan-2024-12.jsonl", file31, sizeof file31},
    {"samples/measured/torchtitan-2024-performance-md.jsonl", file32, sizeof file32},
    {"samples/measured/vtrain-multi.jsonl", file33, sizeof file33},
    {"samples/measured/vtrain-single.jsonl", file34, sizeof file34},
    {"samples/models/current.yaml", file35, sizeof file35},
    {"samples/models/paper.yaml", file36, sizeof file36},
    {"samples/profiler/profiler.py", file37, sizeof file37},
    {"samples/qwen-2.5-7b-8xl4-deepspeed.yaml", file38, sizeof file38},
    {"samples/runtimes/deepspeed.yaml", file39, sizeof file39},
    {"samples/runtimes/fsdp.yaml", file40, sizeof file40},
    {"samples/runtimes/megatron.yaml", file41, sizeof file41},
    {"samples/runtimes/mist.yaml", file42, sizeof file42},
    {"samples/runtimes/torchtitan.yaml", file43, sizeof file43},
    {"samples/spaces/launchers.yaml", file44, sizeof file44},
    {"samples/spaces/paper.yaml", file45, sizeof file45},
    {"themes/contrast.yaml", file46, sizeof file46},
    {"themes/dark.yaml", file47, sizeof file47},
    {"themes/light.yaml", file48, sizeof file48},
    {"themes/mono.yaml", file49, sizeof file49},
};

size_t brume_shipped_count(void) { return sizeof files / sizeof files[0]; }

brume_shipped_file brume_shipped_file_at(size_t index) { return files[index]; }
