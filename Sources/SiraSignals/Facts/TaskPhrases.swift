extension PhraseBook {
    /// What people say when they want a thing done, in English and Chinese.
    ///
    /// 3 is for words that hardly anyone writes for another reason, 1 for those that only lend weight.
    static let tasks = PhraseBook(english + chinese)

    private static let english: [(task: RequestFacts.Task, weight: Int, phrases: [String])] = [
        (
            .translation, 4,
            [
                "translate", "translation of", "translate this", "en->", "zh->", "into english", "into french",
                "into chinese", "into german", "into spanish", "into japanese", "to french", "to german", "to spanish",
                "to chinese", "to japanese", "to russian", "to arabic", "to portuguese", "to korean", "to italian",
                "in french", "in russian", "in spanish", "in german", "in japanese", "in korean", "in italian",
                "mean in english", "mean in chinese", "say in french", "say in chinese", "localize", "localise",
                "spanish version", "french version", "german version", "chinese version", "english version",
                "japanese version", "russian version", "arabic version", "portuguese version", "korean version",
                "in portuguese", "in arabic", "translation",
            ]
        ),
        (
            .summary, 4,
            [
                "summarize", "summarise", "summary", "summarization", "tl;dr", "tldr", "condense", "recap", "shorten",
                "main points", "key points", "in one line, what", "in a nutshell", "gist", "boil down", "key takeaways",
                "sum up", "abstract of", "in one sentence", "brief overview",
            ]
        ),
        (
            .extraction, 4,
            [
                "extract", "pull out", "find all", "list all the names", "list every", "list of deadlines",
                "copy them verbatim",
                "parse the text", "from the following passage, return", "as a json array", "named entit*",
                "key phrases",
                "keywords", "identify all", "entities", "mentioned", "which verbs", "stated in", "find the",
            ]
        ),
        (
            .classification, 4,
            [
                "classify", "classification", "categorize", "categorise", "sentiment", "label this", "spam or",
                "is a spam", "topic tag", "which category", "what category", "true or false", "fact or opinion",
                "route this", "formal or informal", "positive or negative", "positive, negative", "toxic", "emotion",
                "answer with one word", "reply yes/no", "decide if", "ethical or not", "satisfied with", "options:",
                "is the following sentence", "register:", "rate the", "yes or no", "one of the following categories",
            ]
        ),
        (
            .code, 4,
            [
                "python", "javascript", "typescript", "kotlin", "c++", "c#", "golang", "a go function", "rust", "swift",
                "java", "php", "ruby", "sql", "react native", "regex", "regular expression", "unit test", "unit tests",
                "stack trace", "compile error", "refactor", "debug", "source code", "code base", "codebase", "code",
                "write a function", "write a script", "write a program", "implement", "function that", "bash script",
                "shell script", "pull request", "api endpoint", "algorithm", "html", "css", "traceback", "bug",
                "a bug", "this function", "patch", "dockerfile", "kubernetes", "docstring",
            ]
        ),
        (
            .math, 3,
            [
                "calculate", "compute", "solve", "equation", "how many", "how much", "percent", "integral",
                "derivative",
                "probability", "polynomial", "triangle", "matrix", "sum of", "product of", "prime number", "integer",
                "what is the value", "find the value", "find all the values", "evaluate the", "total cost", "in total",
                "square root", "what percentage", "average speed", "how far", "how long does", "per hour", "twice as",
                "times as", "angle", "area of", "theorem", "vector space", "abelian", "eigenvalue", "isomorphic",
                "\\frac", "\\sum", "$n$", "$x$", "subgroup", "ring", "what is the sum", "half of", "each",
            ]
        ),
        (
            .reasoning, 3,
            [
                "prove", "proof", "step by step", "explain why", "reason", "reasoning", "deduce", "infer", "puzzle",
                "logically", "which of the following", "argument", "compare and contrast", "analyze", "analyse",
                "most likely", "according to", "fallacy", "explain", "differences between", "why does", "why do",
                "why is", "diagnosis", "what would happen", "best describes", "implications", "plan for",
                "design a", "trade-off*", "evaluate", "father of", "proposition", "relationship between", "\na. ",
                "\n(a)",
            ]
        ),
        (
            .writing, 4,
            [
                "write a story", "short story", "write an essay", "essay", "poem", "blog post", "novel",
                "write an email",
                "email to", "cover letter", "speech", "write a letter", "letter to", "screenplay", "script for",
                "write an article", "article about", "article on", "slogan", "tagline", "lyrics", "haiku", "sonnet",
                "draft",
                "product description", "press release", "word count", "words or less", "writing style", "copywriting",
                "promotional", "brainstorm", "write a review", "review for", "limerick", "knock knock", "outline for",
                "word article", "-word", "000 words", "polish", "rewrite", "please write", "help me write",
                "tone should",
                "report on", "proposal", "creative", "write",
            ]
        ),
        (
            .chat, 2,
            [
                "hello", "hi there", "how are you", "your name", "who are you", "what's up", "whats up", "thank you",
                "thanks", "good morning", "good night", "goodbye", "bye", "nice talking", "tell me a joke", "joke",
                "are you a", "are you human", "your favorite", "your hobby", "your boss", "who made",
                "say something funny",
                "what can you do", "can you help", "talk to you", "my name is", "call me", "call you", "i feel",
                "feeling sad",
                "do you like", "do you have", "you are capable", "what age are you", "how old are you", "you work for",
                "are you from", "repeat", "who do you", "where are you", "were you", "roleplay", "pretend",
                "embrace the role",
                "meaning of life", "something interesting", "what's your", "with you", "are you", "do you", "you",
            ]
        ),
    ]

    private static let chinese: [(task: RequestFacts.Task, weight: Int, phrases: [String])] = [
        (
            .translation, 4,
            [
                "翻译", "译成", "译为", "译文", "中译英", "英译中", "译中", "翻成", "英文怎么说", "用英语怎么说", "用法语怎么说",
                "用西班牙语怎么说", "语怎么说", "译英", "翻译成", "翻译为", "文怎么说",
            ]
        ),
        (
            .summary, 4,
            [
                "总结", "摘要", "概括", "概述", "归纳", "缩写", "压缩到", "核心要点", "主要内容", "说个大概", "一句话说明", "提炼",
                "讲了什么", "大意", "中心思想", "太长了",
            ]
        ),
        (
            .extraction, 5,
            [
                "提取", "抽取", "找出", "列出文中", "列出下文", "关键词", "关键字", "实体", "三元组", "识别文中", "文中出现", "下文提到",
                "提到了哪些", "提到的", "从这段话", "原文", "没有就写", "文本中的",
            ]
        ),
        (
            .classification, 4,
            [
                "分类", "情感倾向", "属于哪", "是否为垃圾", "打上主题标签", "主题标签", "正面/负面", "正面还是负面", "识别用户意图", "用户意图",
                "紧急程度", "归类", "哪一类", "哪个类别", "什么类型", "情感分析", "只回答是或否", "类别", "消极", "积极还是", "判断下面",
                "判断以下", "是否属于",
            ]
        ),
        (
            .code, 4,
            [
                "代码", "函数", "编程", "程序", "脚本", "写段", "单元测试", "算法", "报错", "调试", "正则", "接口", "数据库", "重构",
                "编译", "运行后输出", "爬虫", "前端", "后端", "sql语句", "要能直接运行", "写个bug", "修复bug",
            ]
        ),
        (
            .math, 3,
            [
                "计算", "求解", "方程", "证明", "多少", "几个", "几分之几", "百分之几", "求出", "函数f", "极限", "导数", "积分", "概率", "平方厘米",
                "平均", "千米", "三角形", "原函数", "数学", "面积", "体积", "矩阵", "一共", "还剩", "第几", "等于", "最少", "最大值", "最小值",
                "数列", "几何", "定理", "收益率", "利率", "每天", "每小时", "公斤", "千克", "厘米", "元。", "解方程", "斜率", "坐标", "几条", "几次", "向量",
            ]
        ),
        (
            .reasoning, 3,
            [
                "推理", "为什么", "解释", "推断", "原因", "分析", "比较", "逻辑", "区别", "如何判断", "线索", "是否可以", "假设", "说明理由", "影响",
                "下列", "哪一项", "选项", "如果", "真假", "几种", "必须确定", "怎么", "原理", "谁是", "论证", "推导",
            ]
        ),
        (
            .writing, 4,
            [
                "写一篇", "写一首", "写一封", "写一段", "写一个故事", "创作", "撰写", "作文", "文案", "诗歌", "小说", "演讲稿", "广告词", "散文",
                "读后感", "议论文", "写一份", "润色", "续写", "改写", "剧本", "歌词", "字数", "文风", "标语", "编写一", "写一则", "招聘启事", "写作",
                "方案", "小故事", "起个标题", "写一个标题", "生成一篇", "生成一段", "介绍信", "邀请函", "歌曲", "讲稿", "制定一份", "字左右", "语言要",
                "策划", "设计一", "写一条", "写一", "帮我写", "律师函", "报告", "教案", "活动",
            ]
        ),
        (
            .chat, 2,
            [
                "你好", "你是谁", "你叫什么", "聊天", "聊聊", "讲个笑话", "笑话", "谢谢", "晚安", "早上好", "你喜欢", "你会", "女朋友", "男朋友",
                "陪我", "无聊", "开心", "难过", "再见", "哈哈", "我爱你", "你多大", "你在干", "你能", "小布", "可爱", "你是一位", "扮演", "你是一个",
                "讲个故事", "我想你", "人呢", "你的", "睡觉", "作为一名", "我就", "我好", "你真", "你在", "心情",
            ]
        ),
    ]
}
