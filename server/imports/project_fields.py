"""The columns that a county's table of projects may have: what an entry of the library says, and what is published. Pure."""

from server.imports.fields import FROM, PERIOD, RECORD, REF, TO, Field
from server.kit.errors import Text

SOURCE_NAMES: dict[str, Text] = {
    "central": Text("中央资金", "Central funds"),
    "provincial": Text("省级资金", "Provincial funds"),
    "prefecture": Text("市级资金", "Prefecture's funds"),
    "county": Text("县级资金", "County's funds"),
    "east_west": Text("东西部协作资金", "East-West collaboration funds"),
    "designated": Text("定点帮扶资金", "Designated assistance funds"),
    "social": Text("社会帮扶资金", "Donations"),
    "own": Text("自筹资金", "Raised by themselves"),
    "loan": Text("信贷资金", "Loans"),
    "other": Text("其他资金", "Other funds"),
}
"""A column of its own for each source: offices write them side by side under 资金来源."""

SOURCE_WORDS: dict[str, tuple[str, ...]] = {
    "central": ("中央", "中央财政", "中央财政资金", "中央专项资金"),
    "provincial": ("省级", "省财政", "省级财政", "省财政资金", "省级财政资金"),
    "prefecture": ("市级", "市财政", "市级财政", "市财政资金", "市级财政资金"),
    "county": ("县级", "县财政", "区级资金", "县级财政", "县财政资金", "县级财政资金"),
    "east_west": ("东西部协作", "东西部扶贫协作", "东西部扶贫协作资金", "协作资金", "协作"),
    "designated": ("定点帮扶", "定点扶贫", "定点扶贫资金"),
    "social": ("社会帮扶", "社会资金", "社会捐赠", "捐赠资金"),
    "own": ("自筹", "群众自筹", "企业自筹", "业主自筹", "群众和经营主体自筹"),
    "loan": ("信贷", "贷款", "银行贷款", "金融资金"),
    "other": ("其他", "其它", "其他来源", "其它资金"),
}

PROJECT_FIELDS = (
    REF,
    RECORD,
    Field(
        "place",
        Text("县（市、区）", "County"),
        (
            "县",
            "县区",
            "区县",
            "县市区",
            "县名",
            "项目县",
            "所在县",
            "行政区划",
            "行政区划代码",
            "county code",
            "place",
        ),
        needed=True,
    ),
    Field(
        "head",
        Text("类别", "Category"),
        ("项目类别", "项目类型", "类型", "项目分类", "帮扶领域", "type", "head"),
        needed=True,
        example=Text("工程", "works"),
        note=Text(
            "资金、产业、劳务、人才、培训、物资、工程、消费帮扶、教育或医疗",
            "funds, industry, labour, talent, training, goods, works, consumption, education or health",
        ),
    ),
    Field(
        "title",
        Text("项目名称", "Project"),
        ("名称", "项目", "工程名称", "name", "title", "project name"),
        needed=True,
        example=Text("青树村通组路硬化工程", "Hardened road to Qingshu village"),
    ),
    Field(
        "nature",
        Text("建设性质", "Nature"),
        ("性质", "项目性质"),
        example=Text("新建", "new"),
        note=Text("新建、续建或改扩建", "new, continued or rebuilt"),
    ),
    Field(
        "villages",
        Text("实施地点（村）", "Villages"),
        ("实施地点", "建设地点", "项目地点", "地点", "涉及村", "项目村", "实施村", "受益村", "village", "location"),
        example=Text("青树村、红岩村", "Qingshu, Hongyan"),
    ),
    FROM,
    TO,
    PERIOD,
    Field(
        "description",
        Text("建设内容", "Description"),
        (
            "建设任务",
            "主要建设内容",
            "建设内容及规模",
            "建设规模",
            "建设规模及内容",
            "项目内容",
            "内容",
            "任务",
            "tasks",
        ),
        example=Text("硬化通组路 10 公里，宽 3.5 米", "10 km of road to the hamlets, 3.5 m wide"),
    ),
    Field(
        "tasks",
        Text("子任务", "Child tasks"),
        ("子项目", "分项任务", "分项内容", "建设子项", "child tasks", "parts"),
        example=Text("拓宽路基（青树村、红岩村）；铺筑路面", "拓宽路基（青树村、红岩村）；铺筑路面"),
        note=Text(
            "用分号或换行分隔，所在村写在括号内；子任务没有单独的金额",
            "with semicolons or line breaks between, villages in brackets; a child task has no price of its own",
        ),
    ),
    Field(
        "cost",
        Text("总投资", "Total investment"),
        (
            *("投资", "投资额", "投资概算", "概算投资", "项目总投资", "资金规模", "预算总投资", "计划投资"),
            *("金额", "项目预算", "investment", "amount", "cost"),
        ),
        needed=True,
        example=Text("50万元", "500000"),
        note=Text("按元填写，或写明单位，例如 1.2万元", "in yuan, or with its unit, such as 1.2万元"),
    ),
    Field(
        "sources",
        Text("资金来源", "Sources of funds"),
        ("资金筹措", "筹资方式", "资金筹措方式", "来源", "sources", "source"),
        example=Text("东西部协作资金30万元、县级资金20万元", "东西部协作资金30万元、县级资金20万元"),
        note=Text(
            "每个来源写明金额；只有一个来源时可只写名称，即为总投资",
            "each with its amount; a single one without an amount bears the whole cost",
        ),
    ),
    *(Field(f"source_{code}", name, SOURCE_WORDS[code]) for code, name in SOURCE_NAMES.items()),
    Field(
        "responsible_unit",
        Text("责任单位", "Responsible unit"),
        (
            "实施单位",
            "项目实施单位",
            "项目主管部门",
            "主管部门",
            "牵头单位",
            "建设单位",
            "项目单位",
            "implementing unit",
        ),
        example=Text("县交通运输局", "County transport bureau"),
    ),
    Field(
        "responsible_post",
        Text("责任岗位", "Post in charge"),
        ("负责岗位", "责任人职务", "负责人职务", "post"),
        example=Text("局长", "director"),
        note=Text("填写岗位，不登记个人姓名", "a post; names of persons are not taken"),
    ),
    Field("subsidy_standard", Text("补助标准", "Subsidy standard"), ("补贴标准", "资金补助标准")),
    Field(
        "performance_target",
        Text("绩效目标", "Performance target"),
        ("绩效", "目标", "项目绩效目标", "预期绩效", "target"),
        example=Text("硬化 10 公里，惠及 2 个村", "10 km hardened, for 2 villages"),
        note=Text("没有绩效目标的项目不得入库", "no entry into the library without it"),
    ),
    Field(
        "participation",
        Text("带贫减贫机制", "Participation and pro-poor mechanism"),
        ("群众参与", "群众参与和带贫减贫机制", "利益联结机制", "联农带农机制", "带贫机制", "减贫机制", "participation"),
    ),
    Field("households", Text("受益户数", "Households"), ("户数", "受益贫困户", "受益贫困户数", "受益户", "贫困户数")),
    Field("persons", Text("受益人数", "Persons"), ("受益贫困人口", "受益人口", "受益人口数", "受益贫困人数", "人数")),
)
